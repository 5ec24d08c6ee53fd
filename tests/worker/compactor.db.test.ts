import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samples } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { HOUR_MS, listHotHours } from '#lib/samples/hot-hours.ts'
import { type Compactor, createCompactor } from '../../worker/compactor.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig } from '../support/factories.ts'
import { createKnownSamples, type KnownSamples } from '../support/known-samples.ts'
import { makeProbe } from '../support/measured-group.ts'
import { createRecordedLog, WARN } from '../support/recorded-log.ts'
import { until } from '../support/until.ts'

const hourAgo = (hours: number) =>
  new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - hours * HOUR_MS)

describe('the compactor', () => {
  let database: TestDatabase
  let known: KnownSamples
  const compactors: Compactor[] = []
  beforeEach(async () => {
    database = await createTestDatabase()
    const probeId = await makeProbe(database.db, '127.5.0.1')
    const [from, to] = [hourAgo(40), hourAgo(0)]
    known = createKnownSamples(database.db, { probeIds: [probeId], from, to, intervalMs: 1_000 })
    const echoes = [30, 20, 10].flatMap((hours) =>
      [1, 2, -1].map((v, i) => ({
        probeId,
        us: (hourAgo(hours).getTime() + i * 1_000) * 1_000,
        v,
      })),
    )
    await known.insert(echoes)
  })
  afterEach(async () => {
    await Promise.all(compactors.splice(0).map((compactor) => compactor.close()))
    await database.close()
  })

  function start(log = createLog('silent')): void {
    compactors.push(createCompactor({ db: database.db, retention: makeConfig(), log }))
  }
  const countHot = () => database.db.$count(samples)

  it('compacts every closed hour as it starts, however many of them work at once', async () => {
    start()
    start()
    await until(async () => (await countHot()) === 0, 20_000)
    await known.check()
  })

  it('makes the hours in which the next samples are stored', async () => {
    start()
    await until(async () => (await listHotHours(database.db)).length >= 4)
    expect((await listHotHours(database.db)).map(({ hour }) => hour)).toContainEqual(hourAgo(0))
  })

  it('says which hour it could not compact, keeps its rows and goes on with the others', async () => {
    const { log, lines } = createRecordedLog()
    await database.db.execute(
      sql.raw(`alter table sample_blocks add check (hour <>
      '${hourAgo(20).toISOString()}')`),
    )
    start(log)
    await until(async () => (await countHot()) === 3 && lines.length > 0)
    expect(lines).toMatchObject([{ level: WARN, hour: hourAgo(20).toISOString() }])
    await known.check()
  })

  it('gives the place of what is forgotten back when room runs out, without waiting for its turn', async () => {
    const countBytes = async () => {
      const [row] = await database.sql<{ bytes: string }[]>`
        select pg_relation_size('sample_blocks') as bytes`
      return Number(row?.bytes)
    }
    await database.sql`alter table sample_blocks set (autovacuum_enabled = false)`
    start()
    await until(async () => (await countHot()) === 0, 20_000)
    await database.sql`delete from sample_blocks`
    expect(await countBytes()).toBeGreaterThan(0)
    compactors[0]?.hurry()
    await until(async () => (await countBytes()) === 0)
  })
})
