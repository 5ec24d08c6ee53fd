import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compactAll, killHeld, sumAllDays } from '../support/compaction.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createKnownSamples, type Known, type KnownSamples } from '../support/known-samples.ts'
import { makeProbe } from '../support/measured-group.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
const DAYS = 3
const now = new Date()
/** Days that are over, and of which samples are kept. */
const from = new Date(Math.floor(now.getTime() / DAY_MS - DAYS - 2) * DAY_MS)
const to = new Date(from.getTime() + DAYS * DAY_MS)

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

let probes = 0
async function newHistory(count: number): Promise<{ probeIds: number[]; known: KnownSamples }> {
  const probeIds: number[] = []
  for (let i = 0; i < count; i += 1) {
    probes += 1
    const host = `127.8.${Math.floor(probes / 250)}.${probes % 250}`
    probeIds.push(await makeProbe(database.db, host, { intervalMs: MINUTE_MS }))
  }
  const known = createKnownSamples(database.db, { probeIds, from, to, intervalMs: MINUTE_MS })
  return { probeIds, known }
}

const usAfter = (minute: number) => (from.getTime() + minute * MINUTE_MS) * 1_000
const minute = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1_430, max: 1_450 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1_430 * 2, max: 1_445 * 2 }) },
  { weight: 1, arbitrary: fc.nat(DAYS * 1_440 - 1) },
)
const echo = fc.record({
  probe: fc.nat(1),
  minute,
  ms: fc.oneof(fc.constant(0), fc.nat(20_000)),
  v: fc.oneof(fc.integer({ min: -4, max: -1 }), fc.nat(3_000), fc.nat(10_000_000)),
})
// Ends of windows between slots of every level.
const time = fc.tuple(minute, minute, fc.nat(59_999)).map(([a, b, ms]) => ({
  fromUs: usAfter(Math.min(a, b)) + ms * 1_000,
  toUs: usAfter(Math.max(a, b) + 1),
}))

const everyMinute = (probeId: number, first: number, values: number[]): Known[] =>
  values.map((v, i) => ({ probeId, us: usAfter(first + i), v }))

async function countDays(probeId: number): Promise<number> {
  const [row] = await database.db.execute<{ days: number }>(sql`
    select coalesce(sum(cardinality(slots)), 0)::int as days from day_summaries
    where probe_id = ${probeId}`)
  return row?.days ?? 0
}

describe('adding up days', () => {
  it('changes no answer, of whatever window, however late rows come', {
    timeout: 60_000,
  }, async () => {
    const step = fc.record({
      echoes: fc.array(echo, { maxLength: 40 }),
      isCompacting: fc.boolean(),
      isSumming: fc.boolean(),
    })
    const story = fc.array(step, { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(story, fc.array(time, { maxLength: 5 }), async (steps, times) => {
        const { probeIds, known } = await newHistory(2)
        for (const { echoes, isCompacting, isSumming } of steps) {
          await known.insert(
            echoes.map(({ probe, ms, v, ...at }) => {
              return { probeId: probeIds[probe] ?? 0, us: usAfter(at.minute) + ms * 1_000, v }
            }),
          )
          if (isCompacting) await compactAll(database.db, now)
          await known.check(times)
          if (isSumming) await sumAllDays(database.db, now)
          await known.check(times)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('leaves days that tell all that their hours told, outages over their borders too', async () => {
    const { probeIds, known } = await newHistory(1)
    const probeId = probeIds[0] ?? 0
    const dark = Array(1_500).fill(-1)
    const others = Array.from({ length: (DAYS * 1_440 - dark.length) / 2 }, (_, i) => 7 + (i % 90))
    await known.insert(everyMinute(probeId, 0, [...others, ...dark, ...others]))
    await compactAll(database.db, now)
    await sumAllDays(database.db, now)
    expect(await countDays(probeId)).toBe(3)
    await known.checkWhole()
    await database.db.execute(sql`delete from hour_summaries where probe_id = ${probeId}`)
    await database.db.execute(sql`delete from minute_summaries where probe_id = ${probeId}`)
    await database.db.execute(sql`
      insert into minute_summaries
      select probe_id, hour, ${sql.raw(Array(18).fill("'{}'").join(', '))} from sample_blocks
      where probe_id = ${probeId}`)
    await known.checkWhole()
  })

  it('takes those that are over, once, and again what a late row has changed', async () => {
    const { probeIds, known } = await newHistory(2)
    for (const probeId of probeIds) await known.insert(everyMinute(probeId, 100, [1, 2, -1]))
    await known.insert(everyMinute(probeIds[0] ?? 0, 1_500, [5]))
    await compactAll(database.db, now)
    const during = new Date(from.getTime() + DAY_MS / 2)
    expect(await sumAllDays(database.db, during)).toBe(0)
    expect(await sumAllDays(database.db, now)).toBe(3)
    expect(await sumAllDays(database.db, now)).toBe(0)
    await known.insert(everyMinute(probeIds[0] ?? 0, 300, [-1]))
    await known.check()
    await compactAll(database.db, now)
    expect(await countDays(probeIds[0] ?? 0)).toBe(0)
    expect(await sumAllDays(database.db, now)).toBe(2)
    await known.check()
  })

  it('by two at once stores each day once', async () => {
    const { probeIds, known } = await newHistory(3)
    for (const probeId of probeIds) await known.insert(everyMinute(probeId, 1_000, [1, -1, 3]))
    await compactAll(database.db, now)
    const stored = await Promise.all([1, 2].map(() => sumAllDays(database.db, now)))
    expect(stored.reduce((sum, days) => sum + days, 0)).toBeGreaterThanOrEqual(3)
    for (const probeId of probeIds) expect(await countDays(probeId)).toBe(1)
    await known.check()
  })
})

describe('a worker that is killed', () => {
  it('as it stores days has changed nothing, and the next one does it all', async () => {
    const { probeIds, known } = await newHistory(1)
    const probeId = probeIds[0] ?? 0
    await known.insert(everyMinute(probeId, 10, [1, -1, -1, 3]))
    await compactAll(database.db, now)
    const arrays = sql.raw(Array(17).fill("'{}'").join(', '))
    const held = sql`insert into day_summaries select ${probeId},
      date_bin('30 days', ${from.toISOString()}::timestamptz, 'epoch'), ${arrays}`
    await killHeld(database, held, (db) => sumAllDays(db, now))
    expect(await countDays(probeId)).toBe(0)
    await known.check()
    await sumAllDays(database.db, now)
    expect(await countDays(probeId)).toBe(1)
    await known.check()
  })

  it('as it forgets a day of a late row has changed nothing, and the next one does it all', async () => {
    const { probeIds, known } = await newHistory(1)
    const probeId = probeIds[0] ?? 0
    await known.insert(everyMinute(probeId, 10, [1, -1, -1, 3]))
    await compactAll(database.db, now)
    await sumAllDays(database.db, now)
    await known.insert(everyMinute(probeId, 20, [-1]))
    const held = sql`select from day_summaries where probe_id = ${probeId} for update`
    await killHeld(database, held, (db) => compactAll(db, now))
    expect(await countDays(probeId)).toBe(1)
    await known.check()
    await compactAll(database.db, now)
    expect(await countDays(probeId)).toBe(0)
    await known.check()
  })
})
