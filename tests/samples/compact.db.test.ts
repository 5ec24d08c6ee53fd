import { type SQL, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, type Db, isDatabaseAway, openDatabase } from '#lib/db/client.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { HOUR_MS, hotSince, keepHotHours } from '#lib/samples/hot-hours.ts'
import { listUnsummedHours, sumHour } from '#lib/samples/sum-hour.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createKnownSamples, type Known, type KnownSamples } from '../support/known-samples.ts'
import { makeProbe } from '../support/measured-group.ts'
import { until } from '../support/until.ts'

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

async function compactAll(db: Db): Promise<void> {
  for (const heap of await listClosedHours(db, now, new Date(0))) await compactHour(db, heap)
}

async function sumAll(db: Db): Promise<void> {
  for (const hour of await listUnsummedHours(db, now)) await sumHour(db, hour)
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
  rest: fc.oneof(fc.constant(0), fc.constant(7_000), fc.nat(999_999)),
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
          if (isSumming) await sumAll(database.db)
          await known.check()
          if (isCompacting) await compactAll(database.db)
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
    await compactAll(database.db)
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
      sumAll(other.db),
      ...[database, other, database].map(({ db }) => compactAll(db)),
    ])
    await known.check()
  })

  it('takes no harm from rows that are stored while it works', async () => {
    const { probeIds, known } = await newHistory(1)
    const probeId = probeIds[0] ?? 0
    await Promise.all([
      sumAll(other.db).then(() => compactAll(other.db)),
      ...[0, 1, 2, 3].map((i) => known.insert(seconds(probeId, i * 900, Array(900).fill(i)))),
      compactAll(database.db),
    ])
    await known.check()
    await compactAll(database.db)
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
      const killed = openDatabase({ url: database.url, name: 'echowall-killed', connections: 1 })
      const story = database.db.transaction(async (tx) => {
        await tx.execute(held[step]?.(probeId) ?? sql``)
        const isCutOff = compactAll(killed.db).then(() => false, isDatabaseAway)
        await killWaiting(other.db)
        expect(await isCutOff).toBe(true)
        tx.rollback()
      })
      await expect(story).rejects.toThrow('Rollback')
      await killed.sql.end({ timeout: 0 })
      await known.check()
      await compactAll(database.db)
      await known.check()
    },
  )
})

async function killWaiting(db: Db): Promise<void> {
  await until(async () => {
    const rows = await db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'echowall-killed' and wait_event_type = 'Lock'`)
    return rows.length > 0
  })
}
