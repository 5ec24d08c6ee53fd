import { type SQL, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { HOUR_MS, hotSince, keepHotHours } from '#lib/samples/hot-hours.ts'
import { compactAll, killHeld, sumAll } from '../support/compaction.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createKnownSamples, type Known, type KnownSamples } from '../support/known-samples.ts'
import { makeProbe } from '../support/measured-group.ts'

const now = new Date()
/** The first of the hours that tests store to: most of them closed, the last one hot. */
const HOURS = 3
const from = new Date(hotSince(now).getTime() - (HOURS - 1) * HOUR_MS)
const to = new Date(from.getTime() + HOURS * HOUR_MS)

let database: TestDatabase
let other: Database
beforeAll(async () => {
  database = await createTestDatabase()
  other = openDatabase({ url: database.url, name: 'echowall-test-other', connections: 1 })
  // As it was when these hours were the present: a partition each.
  for (let i = 0; i < HOURS; i += 1)
    await keepHotHours(database.db, new Date(from.getTime() + i * HOUR_MS))
})
afterAll(async () => {
  await other.close()
  await database.close()
})

let probes = 0
async function newHistory(count: number): Promise<{ probeIds: number[]; known: KnownSamples }> {
  const probeIds: number[] = []
  for (let i = 0; i < count; i += 1) {
    probes += 1
    probeIds.push(await makeProbe(database.db, `127.9.${Math.floor(probes / 250)}.${probes % 250}`))
  }
  const known = createKnownSamples(database.db, { probeIds, from, to, intervalMs: 1_000 })
  return { probeIds, known }
}

/** A probe by its place, a second after `from`, and what was measured so many µs later. */
type Echo = { probe: number; second: number; rest: number; v: number }

const echo = fc.record({
  probe: fc.nat(1),
  // Often neighbours, around an hour's end, sometimes anywhere.
  second: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 3_570, max: 3_630 }) },
    { weight: 1, arbitrary: fc.nat(HOURS * 3_600 - 1) },
  ),
  // No two losses are 1.5 intervals apart, but for less than a millisecond.
  rest: fc.oneof(fc.constant(0), fc.constant(7_000), fc.nat(400_000)),
  v: fc.oneof(fc.integer({ min: -4, max: -1 }), fc.nat(3_000), fc.nat(10_000_000)),
})

const toRow = (probeIds: number[], { probe, second, rest, v }: Echo): Known => ({
  probeId: probeIds[probe] ?? 0,
  us: (from.getTime() + second * 1_000) * 1_000 + rest,
  v,
})

/** A second each, all of one probe. */
const seconds = (probeId: number, first: number, values: number[]): Known[] =>
  values.map((v, i) => ({ probeId, us: (from.getTime() + (first + i) * 1_000) * 1_000, v }))

describe('compaction', () => {
  it('changes no answer, however rows come: late, twice, with gaps, before or after', {
    timeout: 60_000,
  }, async () => {
    const step = fc.record({
      echoes: fc.array(echo, { maxLength: 40 }),
      isSumming: fc.boolean(),
      isCompacting: fc.boolean(),
    })
    const story = fc.array(step, { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(story, fc.boolean(), async (steps, isDropping) => {
        const { probeIds, known } = await newHistory(2)
        for (let i = 0; i < HOURS; i += 1)
          await keepHotHours(database.db, new Date(from.getTime() + i * HOUR_MS))
        for (const { echoes, isSumming, isCompacting } of steps) {
          await known.insert(echoes.map((one) => toRow(probeIds, one)))
          await known.check()
          if (isSumming) await sumAll(database.db, now)
          await known.check()
          if (isCompacting) await compactAll(database.db, now)
          if (isDropping) await keepHotHours(database.db, now)
          await known.check()
        }
      }),
      { numRuns: 25 },
    )
  })

  it('leaves no hot row of a closed hour, and keeps those that may be read live', async () => {
    const { probeIds, known } = await newHistory(1)
    await known.insert(seconds(probeIds[0] ?? 0, 0, [1, 2, 3]))
    await known.insert(seconds(probeIds[0] ?? 0, 2 * 3_600, [4, 5]))
    await compactAll(database.db, now)
    const rows = await database.db.execute<{ rtt_us: number }>(
      sql`select rtt_us from samples where probe_id = ${probeIds[0]} order by at`,
    )
    expect(rows.map((row) => row.rtt_us)).toEqual([4, 5])
    await known.check()
  })

  it('by two at once stores nothing twice and loses nothing', async () => {
    const { probeIds, known } = await newHistory(3)
    for (const probeId of probeIds)
      await known.insert(seconds(probeId, 3_000, Array(1_200).fill(250)))
    await Promise.all([
      sumAll(other.db, now),
      ...[database, other, database].map(({ db }) => compactAll(db, now)),
    ])
    await known.check()
  })

  it('takes no harm from rows that are stored while it works', async () => {
    const { probeIds, known } = await newHistory(1)
    const probeId = probeIds[0] ?? 0
    await Promise.all([
      sumAll(other.db, now).then(() => compactAll(other.db, now)),
      ...[0, 1, 2, 3].map((i) => known.insert(seconds(probeId, i * 900, Array(900).fill(i)))),
      compactAll(database.db, now),
    ])
    await known.check()
    await compactAll(database.db, now)
    await known.check()
  })
})

describe('a compaction that is killed', () => {
  // Rows of a transaction that goes on, in whose place the compaction has to write.
  const pack = sql.raw(Array(18).fill("'{}'").join(', '))
  const hour = sql`${from.toISOString()}::timestamptz`
  const held: Record<string, (probeId: number) => SQL> = {
    'as it writes blocks': (probeId) =>
      sql`insert into sample_blocks values (${probeId}, ${hour}, 1, '{}', null, '{}')`,
    'as it writes minutes': (probeId) =>
      sql`insert into minute_summaries values (${probeId}, ${hour}, ${pack})`,
    'as it writes hours': (probeId) =>
      sql`insert into hour_summaries values (${probeId}, date_bin('1 day', ${hour}, 'epoch'), ${pack})`,
    'as it empties the partition': () => sql`lock table samples in access share mode`,
  }

  it.each(Object.keys(held))(
    '%s has changed nothing, and the next one does it all',
    async (step) => {
      const { probeIds, known } = await newHistory(1)
      const probeId = probeIds[0] ?? 0
      await keepHotHours(database.db, from)
      await known.insert(seconds(probeId, 0, [1, -1, -1, 3]))
      await killHeld(database, held[step]?.(probeId) ?? sql``, (db) => compactAll(db, now))
      await known.check()
      await compactAll(database.db, now)
      await known.check()
    },
  )
})
