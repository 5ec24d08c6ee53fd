import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { bucketWidthFor } from '#lib/samples/bucket-width.ts'
import { openHistory } from '#lib/samples/history.ts'
import { History } from '#lib/samples/history-contract.ts'
import { readRates } from '#lib/samples/success-rate.ts'
import { toJsonText } from '#lib/samples/written-history.ts'
import { makeConfig, makeContext } from '../support/factories.ts'
import { makeProbe } from '../support/measured-group.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { measure, newHost, second, setRuns, tell } from '../support/told-results.ts'

const { db, channels } = createSetting()
const isoOf = (seconds: number) => second(seconds).toISOString()

type Asked = { from?: Date; to?: Date; resolution?: 'auto' | 'raw' | number }

/** The history of a group's first target, as it is sent. */
async function read(group: { id: string; targets: { id: string }[] }, asked: Asked = {}) {
  const ctx = makeContext({ db: db(), channels, actor: { kind: 'worker' } })
  const target = { groupId: group.id, targetId: group.targets[0]?.id ?? '' }
  const window = { from: second(0), to: second(10), resolution: 'auto' as const, ...asked }
  const chunks: string[] = []
  const opened = await openHistory(ctx, { ...target, ...window })
  for await (const chunk of toJsonText(opened)) chunks.push(chunk)
  return { history: History.parse(JSON.parse(chunks.join(''))), chunks }
}

/** A target with an answer of 1, 2, 3 … µs every second from the floor on. */
async function measureMany(seconds: number) {
  const group = await measure(db(), '.')
  await db().execute(sql`
    insert into samples select ${group.targets[0]?.probeId ?? 0}::int,
      ${second(0).toISOString()}::timestamptz + i * interval '1 s', i + 1
    from generate_series(0, ${seconds - 1}::int) i`)
  return group
}

describe('the raw history of a target', () => {
  it('tells each echo with its time and outcome, oldest first', async () => {
    const group = await measure(db(), '1234 x u . 5@4.25 6@10')
    const { history } = await read(group)
    expect(history).toEqual({
      target: { id: group.targets[0]?.id, host: expect.stringMatching(/^127\.5/), label: '' },
      from: isoOf(0),
      to: isoOf(10),
      resolution: 'raw',
      bucket_seconds: null,
      items: [
        { at: isoOf(0), rtt_ms: 1.234, outcome: 'reply' },
        { at: isoOf(1), rtt_ms: null, outcome: 'lost' },
        { at: isoOf(2), rtt_ms: null, outcome: 'unreachable' },
        { at: isoOf(4.25), rtt_ms: 0.005, outcome: 'reply' },
      ],
      next_cursor: null,
    })
  })

  it('goes through the runs of the target, each with its own probe', async () => {
    const group = await measure(db(), '1 2 3 4 5 6 7 8')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    const other = await makeProbe(db(), newHost())
    await tell(db(), other, '11 12 13 14 15 16 17 18')
    await setRuns(db(), id, [
      [probeId, 1, 3],
      [other, 3, 5],
      [probeId, 7, 9],
    ])
    const { history } = await read(group)
    expect(history.items.map((item) => 'rtt_ms' in item && item.rtt_ms)).toEqual([
      ...[0.002, 0.003, 0.014, 0.015, 0.008],
    ])
  })

  it('is read page by page, and no result is lost or told twice between two pages', async () => {
    const group = await measureMany(11_000)
    const { history, chunks } = await read(group, { to: second(11_000), resolution: 'raw' })
    expect(history.items.map((item) => 'rtt_ms' in item && item.rtt_ms)).toEqual(
      [...Array(11_000).keys()].map((i) => (i + 1) / 1000),
    )
    expect(chunks).toHaveLength(4)
  })

  it('is empty where nothing was measured', async () => {
    expect((await read(await measure(db(), '.'))).history.items).toEqual([])
  })
})

describe('the buckets of a target', () => {
  it('hold the figures of their time, and are left out where nothing was due', async () => {
    const group = await measure(db(), '1000 x 3000 4000 . . . 8000 . .')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [
      [probeId, 0, 4],
      [probeId, 6, 10],
    ])
    const { history } = await read(group, { from: second(1), resolution: 2 })
    expect(history).toMatchObject({ resolution: 'buckets', bucket_seconds: 2 })
    expect(history.items).toMatchObject([
      { at: isoOf(1), sent: 1, lost: 1, not_measured: 0, success_rate: 0, p50_ms: null },
      {
        at: isoOf(2),
        sent: 2,
        lost: 0,
        min_ms: 3,
        p50_ms: 3,
        p95_ms: 4,
        avg_ms: 3.5,
        jitter_ms: 1,
      },
      { at: isoOf(6), sent: 1, not_measured: 1, coverage: 0.5 },
      { at: isoOf(8), sent: 0, not_measured: 2, coverage: 0, success_rate: null },
    ])
  })

  it('add up to what the whole window holds', async () => {
    const group = await measure(db(), '1 x 3 . 5 6 x x 9 . . 12 13 x 15')
    const { history } = await read(group, { to: second(20), resolution: 5 })
    const period = { from: second(0), to: second(20), now: new Date() }
    const whole = (await readRates(db(), { groupId: group.id, retention: makeConfig() }, period))
      .group
    const buckets = history.items.flatMap((item) => ('sent' in item ? [item] : []))
    expect(buckets).toHaveLength(4)
    for (const count of ['sent', 'received', 'lost', 'not_measured'] as const) {
      expect(buckets.reduce((sum, bucket) => sum + bucket[count], 0)).toBe(whole[count])
    }
  })

  it('reach over weeks and years', async () => {
    const group = await measure(db(), '1000 2000 x')
    const YEAR = 365 * 86_400
    for (const [seconds, resolution] of [
      [28 * 86_400, 3_600],
      [3 * YEAR, 86_400],
    ] as const) {
      const from = second(3 - seconds)
      const { history } = await read(group, { from, to: second(3), resolution })
      expect(history.items).toMatchObject([{ sent: 3, received: 2, max_ms: 2 }])
    }
  })

  it('are chosen where single results would be too many, and are at most some 2,000', async () => {
    const group = await measureMany(4_000)
    const few = (await read(group, { to: second(2_000) })).history
    expect(few).toMatchObject({ resolution: 'raw', items: { length: 2_000 } })
    const many = (await read(group, { to: second(4_000) })).history
    expect(many).toMatchObject({ resolution: 'buckets', bucket_seconds: 2 })
    expect(many.items.length).toBeGreaterThanOrEqual(2_000)
    expect(many.items.length).toBeLessThanOrEqual(2_001)
    for (const seconds of [1, 2_001, 86_400, 7 * 86_400, 365 * 86_400, 3 * 365 * 86_400]) {
      expect(seconds / bucketWidthFor(seconds, 2_000)).toBeLessThanOrEqual(2_000)
    }
  })
})

describe('a window of history', () => {
  it.each([
    ['to', { from: second(10), to: second(10) }],
    ['to', { from: second(11), to: second(10) }],
    ['from', { from: new Date('2000-01-01'), to: new Date('2003-01-01') }],
    ['resolution', { from: second(0), to: second(3_000), resolution: 1 }],
  ] as [string, Asked][])(
    'that makes no sense is refused by the name of `%s`',
    async (path, asked) => {
      const group = await measure(db(), '.')
      const refused = await failureOf(read(group, asked))
      expect(refused).toMatchObject({ code: 'invalid', issues: [{ path }] })
    },
  )
})
