import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { compareWindows } from '#lib/comparison/read.ts'
import { canaryReadings, memberships, targetRuns, targets } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { showSuccessRate } from '#lib/samples/success-rate.ts'
import * as route from '../../app/api/groups/[groupId]/comparison/route.ts'
import { makeConfig, makeContext, makeSession, makeUser } from '../support/factories.ts'
import { makeMeasuredGroup } from '../support/measured-group.ts'
import { callRoute } from '../support/route-call.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { FLOOR, newHost, second } from '../support/told-results.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
/** The change: so many seconds after the floor, and so long are the windows around it. */
const SECONDS = 600
const AT = second(SECONDS)

/** From when on what changed: longer by so many µs, every so manieth lost; `from` leaves out what was before. */
type Kind = { plusUs?: number; loseEach?: number; from?: number; to?: number }

async function measured(...kinds: Kind[]) {
  const group = await makeMeasuredGroup(db(), kinds.map(newHost), new Date(FLOOR))
  for (const [i, { plusUs = 0, loseEach = 1_000_000, from = 0, to = 1_200 }] of kinds.entries()) {
    await db().execute(sql`
      insert into samples (probe_id, at, rtt_us)
      select ${group.targets[i]?.probeId ?? 0}::int, ${AT.toISOString()}::timestamptz + s * interval '1 s',
        case when s >= 0 and s % ${loseEach}::int = ${loseEach}::int - 1 then -1
          else 20000 + (s + ${SECONDS}::int) % ${SECONDS}::int * 7919 % 997 + case when s >= 0 then ${plusUs}::int else 0 end end
      from generate_series(${from - SECONDS}::int, ${to - SECONDS - 1}::int) s`)
  }
  return group
}
const worker = () => makeContext({ db: db(), channels, actor: { kind: 'worker' } })
const compare = (groupId: string, asked: object = { at: AT }) =>
  compareWindows(worker(), { groupId, seconds: SECONDS, ...asked })

beforeAll(() => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
})

describe('a comparison', () => {
  it('tells of each address what became of it, and counts them', async () => {
    const group = await measured(
      {},
      { plusUs: 4_000 },
      { plusUs: -4_000 },
      { loseEach: 3 },
      { to: 610 },
    )
    const told = await compare(group.id)
    expect(told.targets.map(({ verdict }) => verdict)).toEqual([
      ...['unchanged', 'worse', 'better', 'worse', 'unknown'],
    ])
    expect(told.counts).toEqual({ worse: 2, better: 1, unchanged: 1, unknown: 1 })
    expect(told.compared).toBe(5)
    const [same, longer, , lossy] = told.targets
    expect(same?.change).toEqual({ success_rate: 0, p50_ms: 0, p95_ms: 0 })
    expect(longer?.change.p50_ms).toBeCloseTo(4, 1)
    expect(longer?.verdicts).toEqual({ loss: 'unchanged', p50: 'worse', p95: 'worse' })
    expect(lossy?.verdicts.loss).toBe('worse')
    expect(lossy?.change.success_rate).toBeCloseTo(-1 / 3, 2)
  })

  it('has the figures of the success rate, to the digit', async () => {
    const group = await measured({ loseEach: 7 }, { plusUs: 900, loseEach: 50 })
    const told = await compare(group.id)
    for (const [name, from] of [
      ['before', second(0)],
      ['after', AT],
    ] as const) {
      const asked = { groupId: group.id, floor_time: from, time_range: SECONDS }
      const {
        targets: rates,
        floor_time,
        time_range,
        ...all
      } = await showSuccessRate(worker(), asked)
      expect(told[name]).toMatchObject(all)
      for (const [i, { id, host, ...figures }] of rates.entries()) {
        expect(told.targets[i]).toMatchObject({ id, host, [name]: figures })
      }
    }
  })

  it('swapped says the opposite', async () => {
    const group = await measured({ plusUs: 4_000 }, { loseEach: 3 }, {})
    const edges = { before_from: AT, before_to: second(1_200), after_from: second(0), after_to: AT }
    const { targets: told, change, verdict } = await compare(group.id, edges)
    expect(told.map((one) => one.verdict)).toEqual(['better', 'better', 'unchanged'])
    expect([verdict, Math.sign(change.success_rate ?? 0)]).toEqual(['better', 1])
  })

  it('of the group leaves out what was measured in one window alone', async () => {
    const group = await measured({}, { plusUs: 300_000, from: SECONDS })
    const told = await compare(group.id)
    expect(told).toMatchObject({
      compared: 1,
      verdict: 'unchanged',
      change: { success_rate: 0, p50_ms: 0, p95_ms: 0 },
      counts: { unknown: 1 },
      targets: [{ verdict: 'unchanged' }, { verdict: 'unknown', change: { p50_ms: null } }],
    })
    expect(told.after.blocks).toHaveLength(60)
    expect(told.after.blocks.every(({ sent, p50_ms }) => sent === 10 && (p50_ms ?? 99) < 30)).toBe(
      true,
    )
  })

  it('believes no change below the floor of what was measured', async () => {
    const group = await measured({ plusUs: 4_000 })
    expect(await compare(group.id)).toMatchObject({ floor_ms: null, counts: { worse: 1 } })
    const counts = { sent: 10, received: 10, echoes: 10, latenessUs: 1, overdue: 0, unsent: 0 }
    const none = { receiveDrops: 0, lateReplies: 0, duplicates: 0 }
    const [at, endedAt] = [second(700), second(710)]
    const reading = { worker: group.id, at, endedAt, medianUs: 6_000, ...counts, ...none }
    await db().insert(canaryReadings).values(reading)
    expect(await compare(group.id)).toMatchObject({ floor_ms: 6, counts: { unchanged: 1 } })
    await db().delete(canaryReadings)
  })

  it('ends now, and knows nothing of what is to come', async () => {
    const group = await measured({})
    const before = Date.now()
    const { before: past, after } = await compare(group.id, { at: new Date(before - 60_000) })
    expect(Date.parse(after.to)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(past.from)).toBe(before - 60_000 - SECONDS * 1000)
    const ahead = await compare(group.id, { at: new Date(before + 86_400_000) })
    expect(ahead).toMatchObject({
      compared: 0,
      verdict: 'unknown',
      targets: [{ verdict: 'unknown' }],
    })
    const last = await compare(group.id, {})
    expect(Date.parse(last.after.to) - Date.parse(last.before.from)).toBe(2 * SECONDS * 1000)
  })

  it('counts old windows by their summaries', async () => {
    const group = await measured({ plusUs: 4_000 })
    const far = { RAW_RETENTION_DAYS: 0 }
    const ctx = makeContext({ db: db(), channels, actor: { kind: 'worker' }, config: far })
    const told = await compareWindows(ctx, { groupId: group.id, seconds: SECONDS, at: AT })
    expect(told).toMatchObject({ before: { sent: 600 }, counts: { worse: 1 } })
  })

  it('is of present targets and their own runs', async () => {
    const group = await measured({}, { plusUs: 4_000 }, { plusUs: 4_000 })
    const [first = '', removed = '', stopped = ''] = group.targets.map(({ id }) => id)
    await db().update(targets).set({ deletedAt: new Date() }).where(eq(targets.id, removed))
    await db().update(targetRuns).set({ endedAt: AT }).where(eq(targetRuns.targetId, stopped))
    const told = await compare(group.id)
    expect(told.targets).toMatchObject([
      { id: first, verdict: 'unchanged' },
      { id: stopped, verdict: 'unknown', after: { sent: 0 } },
    ])
  })
})

describe('the path of comparisons', () => {
  const edges = 'before_from=2026-01-01T00:00:00Z&before_to=2026-01-02T00:00:00Z'
  it.each([
    ['at', 'at=yesterday'],
    ['seconds', 'seconds=0'],
    ['seconds', 'seconds=2678401'],
    ['after_from', edges],
    [
      'at',
      `${edges}&after_from=2026-01-03T00:00:00Z&after_to=2026-01-04T00:00:00Z&at=2026-01-02T00:00:00Z`,
    ],
    ['after_to', `${edges}&after_from=2026-01-03T00:00:00Z&after_to=2026-01-03T00:00:00Z`],
    ['after_to', `${edges}&after_from=2026-01-03T00:00:00Z&after_to=2026-02-04T00:00:00Z`],
    ['', 'window=1'],
  ])('refuses a wrong %s by its name: %s', async (path, query) => {
    const user = await makeUser(db())
    const { cookie } = await makeSession(db(), user)
    const group = await measured()
    await db().insert(memberships).values({ groupId: group.id, userId: user.id, role: 'viewer' })
    const answer = await callRoute(route, 'GET', {
      cookie,
      params: { groupId: group.id },
      query: `?${query}`,
    })
    expect(answer.status).toBe(400)
    expect(answer.json.issues).toMatchObject([{ path }])
  })

  it('answers a stranger exactly as if the group did not exist', async () => {
    const stranger = makeContext({ db: db(), channels, user: await makeUser(db()) })
    const ask = (groupId: string) => failureOf(compareWindows(stranger, { groupId, seconds: 60 }))
    const [hidden, missing] = [await ask((await measured()).id), await ask(crypto.randomUUID())]
    expect([hidden.status, hidden.message]).toEqual([404, missing.message])
  })
})
