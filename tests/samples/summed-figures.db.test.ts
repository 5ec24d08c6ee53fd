import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { openHistory } from '#lib/samples/history.ts'
import { partsOf } from '#lib/samples/runs.ts'
import { readRates } from '#lib/samples/success-rate.ts'
import { countSummaries } from '#lib/samples/summed-figures.ts'
import { compactAll } from '../support/compaction.ts'
import { makeContext } from '../support/factories.ts'
import { type MeasuredGroup, makeMeasuredGroup, makeProbe } from '../support/measured-group.ts'
import { expectNear } from '../support/near-figures.ts'
import { createSetting } from '../support/setting.ts'
import { FLOOR, newHost, setRuns } from '../support/told-results.ts'

const { db, channels } = createSetting()
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const EVERY_MS = 10_000
/** Three days ago, at the beginning of an hour: six hours were measured from here on. */
const START = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 3 * DAY_MS
const at = (ms: number) => new Date(START + ms)

let group: MeasuredGroup

beforeAll(async () => {
  group = await makeMeasuredGroup(db(), [newHost(), newHost()], at(0))
  for (const target of group.targets) {
    target.probeId = await makeProbe(db(), newHost(), { intervalMs: EVERY_MS })
    await setRuns(db(), target.id, [[target.probeId, second(0), second(3 * DAY_MS)]])
  }
  // Losses come in rows, and a while was not measured.
  await db().execute(sql`
    insert into samples
    select id, ${at(0).toISOString()}::timestamptz
        + (i * ${EVERY_MS}::int + id * 137 + i % 3) * interval '1 ms',
      case when i % 97 < id % 5 + 1 then -1 else 10000 + (i * 7919 % 2000) end
    from unnest(${sql.param(group.targets.map(({ probeId }) => probeId))}::int[]) as p(id),
      generate_series(0, ${(6 * HOUR_MS) / EVERY_MS - 1}::int) i
    where i not between 700 and 780`)
})

const second = (ms: number) => (START + ms - FLOOR) / 1000

const RETENTION = { RAW_RETENTION_DAYS: 7, MINUTE_RETENTION_DAYS: 90, HOUR_RETENTION_DAYS: 1_096 }
/** What is left when samples, or samples and minutes, are forgotten after a day. */
const MINUTES_LEFT = { ...RETENTION, RAW_RETENTION_DAYS: 1 }
const HOURS_LEFT = { ...MINUTES_LEFT, MINUTE_RETENTION_DAYS: 1 }

const rate = (fromMs: number, toMs: number, retention = RETENTION) => {
  const period = { from: at(fromMs), to: at(toMs), now: new Date() }
  return readRates(db(), { groupId: group.id, retention }, period)
}

const cases = [
  ['a whole slot', HOUR_MS, 2 * HOUR_MS],
  ['many of them', 0, 6 * HOUR_MS],
  ['more than was measured', -HOUR_MS, 8 * HOUR_MS],
] as const

describe('figures from summaries', () => {
  it.each([
    ['minutes', MINUTES_LEFT],
    ['hours', HOURS_LEFT],
  ])('of %s are those of the samples, hot or cold', async (_, left) => {
    for (const isCold of [false, true]) {
      if (isCold) await compactAll(db(), new Date())
      for (const [, fromMs, toMs] of cases) {
        const [summed, exact] = [await rate(fromMs, toMs, left), await rate(fromMs, toMs)]
        expectNear(summed.group, exact.group)
        for (const [i, target] of summed.targets.entries()) {
          const one = exact.targets[i]
          if (one) expectNear(target, one)
        }
      }
    }
  })

  it.each([
    [90_500, 3 * HOUR_MS + 89_500],
    [970_200, 4 * HOUR_MS + 971_300],
    [HOUR_MS - 20_000, HOUR_MS + 20_000],
    [90_500, 100_500],
  ])('are exact to the sample at their edges: %i to %i', async (from, to) => {
    const runs = group.targets.map(({ n, probeId }) => ({
      n,
      probeId,
      intervalMs: EVERY_MS,
      fromUs: (START + from) * 1000,
      toUs: (START + to) * 1000,
      settledUs: Date.now() * 1000,
    }))
    const kept = { rawSince: at(0), minutesSince: at(0) }
    const parts = partsOf(runs, { now: new Date(), summed: { kept, slotUs: 60_000_000 } })
    expectNear((await countSummaries(db(), parts)).all, (await rate(from, to)).group)
  })

  it('are told however many results are missing of hours that were not measured', async () => {
    const [{ n = 0, probeId = 0 } = {}] = group.targets
    const time = { fromUs: (START + 5 * HOUR_MS) * 1000, toUs: (START + 9 * HOUR_MS) * 1000 }
    const pace = { intervalUs: 200, endsAt: time.toUs }
    const parts = new Map([[n, [{ n, probeId, ...time, settledUs: time.toUs, pace }]]])
    const { all } = await countSummaries(db(), parts)
    expect(all.sent).toBe(HOUR_MS / EVERY_MS)
    expect(all.not_measured).toBe((4 * HOUR_MS) / 0.2 - all.sent)
  })

  it('of what is older than samples are those of the whole slots within the window', async () => {
    const summed = await rate(90_500, 3 * HOUR_MS + 89_500, MINUTES_LEFT)
    const exact = await rate(120_000, 3 * HOUR_MS + 60_000)
    expectNear(summed.group, exact.group)
    expect((await rate(90_500, 100_500, MINUTES_LEFT)).group).toMatchObject({
      sent: 0,
      coverage: null,
    })
  })

  it('tell nothing of a slot in which the target ran in part alone', async () => {
    const [{ id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [[probeId, second(90_500), second(3 * HOUR_MS + 89_500)]])
    const summed = (await rate(0, 6 * HOUR_MS, MINUTES_LEFT)).targets[0]
    const exact = (await rate(120_000, 3 * HOUR_MS + 60_000)).targets[0]
    if (!summed || !exact) throw new Error('A target is missing.')
    expectNear(summed, exact)
    await setRuns(db(), id, [[probeId, second(0), second(3 * DAY_MS)]])
  })

  it('make the buckets of a history, as wide as slots or wider', async () => {
    const of = async (config: typeof RETENTION) => {
      const ctx = makeContext({ db: db(), channels, actor: { kind: 'worker' }, config })
      const target = { groupId: group.id, targetId: group.targets[0]?.id ?? '' }
      const window = { from: at(0), to: at(6 * HOUR_MS), resolution: 30 * 60 }
      const { head, pages } = await openHistory(ctx, { ...target, ...window })
      const page = await pages.next()
      return { width: head.bucket_seconds, buckets: page.done ? [] : page.value }
    }
    const [exact, minutes, hours] = [
      await of(RETENTION),
      await of(MINUTES_LEFT),
      await of(HOURS_LEFT),
    ]
    expect([exact.width, minutes.width, hours.width]).toEqual([1_800, 1_800, 3_600])
    expect(minutes.buckets).toHaveLength(12)
    expect(hours.buckets).toHaveLength(6)
    const counts = (bucket: object) => ({ ...bucket, p50_ms: 0, p95_ms: 0, p99_ms: 0 })
    expect(minutes.buckets.map(counts)).toEqual(exact.buckets.map(counts))
  })
})
