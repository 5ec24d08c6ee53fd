import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { createLog } from '#lib/log.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { HOUR_MS, partitionOf } from '#lib/samples/hot-hours.ts'
import { measureLevel } from '#lib/samples/level-use.ts'
import { forgetOld } from '#lib/samples/retention.ts'
import type { StorageQuery, StoredLevel } from '#lib/samples/storage-contract.ts'
import { readStorageUse, TABLES } from '#lib/samples/storage-use.ts'
import { makeHour } from '../bench/made-up-history.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeContext, makeUser } from '../support/factories.ts'
import { makeMeasuredGroup } from '../support/measured-group.ts'
import { until } from '../support/until.ts'

const DAY_MS = 24 * HOUR_MS
const PROBES = 5
const DAYS = 8
const AN_HOUR_OF_EACH = PROBES * 3_600
const HOT_HOURS = 5

describe('the use of the store', () => {
  let database: TestDatabase
  const channels = createMemoryLayer({ log: createLog('silent') })
  const now = new Date()
  beforeAll(async () => {
    database = await createTestDatabase()
    const hosts = Array.from({ length: PROBES }, (_, i) => `127.6.0.${i + 1}`)
    await makeMeasuredGroup(database.db, hosts, new Date(now.getTime() - DAYS * DAY_MS))
    // Half a day away from any number of whole days.
    for (let day = 0; day < DAYS; day += 1)
      await makeHour(database.db, hourBefore(day + 0.5), PROBES)
    for (const heap of await listClosedHours(database.db, now, new Date(0)))
      await compactHour(database.db, heap)
    await makeHour(database.db, hourBefore(0), PROBES)
  }, 60_000)
  afterAll(() => database.close())

  const hourBefore = (days: number) =>
    new Date(Math.floor((now.getTime() - days * DAY_MS) / HOUR_MS) * HOUR_MS)

  async function read(role: 'admin' | 'member', query: StorageQuery = {}) {
    const user = await makeUser(database.db, { role })
    return await readStorageUse(makeContext({ db: database.db, channels, user }), query)
  }
  async function level(name: StoredLevel['name'], query?: StorageQuery): Promise<StoredLevel> {
    const found = (await read('admin', query)).levels.find((one) => one.name === name)
    if (!found) throw new Error(`No ${name}.`)
    return found
  }
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)
  async function blockBytes(): Promise<number> {
    await database.sql`vacuum full sample_blocks`
    const [row] = await database.sql<{ bytes: string }[]>`
      select pg_total_relation_size('sample_blocks') as bytes`
    return Number(row?.bytes)
  }

  it('is shown to administrators alone', async () => {
    await expect(read('member')).rejects.toMatchObject({ code: 'forbidden' })
    const nobody = makeContext({ db: database.db, channels })
    await expect(readStorageUse(nobody, {})).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('tells what every level takes, and with the rest it is the whole database', async () => {
    const use = await read('admin')
    const known = sum(use.levels.map(({ bytes }) => bytes))
    expect(known + use.rest_bytes).toBe(use.database_bytes)
    expect(use).toMatchObject({ level: 'ok', disk: null, limit_bytes: null })
    for (const { name, bytes, age_bytes, reusable_bytes } of use.levels.slice(1, 4)) {
      expect({ name, used: Math.round(sum(age_bytes) + reusable_bytes) / bytes }).toEqual({
        name,
        used: expect.closeTo(1, 1),
      })
    }
  })

  it('tells from when to when each level reaches', async () => {
    const { oldest_at, newest_at, is_exact } = await level('samples')
    expect(is_exact).toBe(true)
    expect(new Date(oldest_at ?? '')).toEqual(hourBefore(DAYS - 0.5))
    expect(new Date(newest_at ?? '')).toEqual(new Date(hourBefore(0.5).getTime() + HOUR_MS))
    expect((await level('hot')).oldest_at).toBe(hourBefore(0).toISOString())
  })

  it('tells what a day adds at the present load, and how large that becomes', async () => {
    const samples = await level('samples')
    const perSample = sum(samples.age_bytes) / (DAYS * AN_HOUR_OF_EACH)
    const aDay = perSample * PROBES * 86_400
    expect((samples.bytes_a_day ?? 0) / aDay).toBeCloseTo(1, 1)
    expect(samples.full_bytes).toBe((samples.bytes_a_day ?? 0) * samples.days)
    const [hour] = await database.sql<{ bytes: string }[]>`
      select pg_total_relation_size(${partitionOf(hourBefore(0))}) as bytes`
    const { full_bytes } = await level('hot')
    expect((full_bytes ?? 0) / Number(hour?.bytes) / HOT_HOURS).toBeCloseTo(1, 1)
  })

  it('comes close from a part of a large table', async () => {
    const [table] = TABLES
    if (!table) throw new Error('There is no level.')
    const whole = await measureLevel(database.db, table, 2 ** 30)
    const [row] = await database.sql<{ heap: string }[]>`
      select pg_relation_size('sample_blocks') as heap`
    const part = await measureLevel(database.db, table, Number(row?.heap) * 0.999)
    expect(part.isExact).toBe(false)
    expect(sum(part.ageBytes) / sum(whole.ageBytes)).toBeGreaterThan(0.3)
  })

  it('tells what keeping less would free: so much does go', async () => {
    const before = await blockBytes()
    const { proposed } = await level('samples', { raw_days: 3 })
    await forgetOld(database.db, now, makeConfig({ RAW_RETENTION_DAYS: 3 }))
    // Rows that somebody may still read, such as an ANALYZE that has begun before, stay for then.
    const freed = await until(async () => before - (await blockBytes()))
    expect((proposed?.freed_bytes ?? 0) / freed).toBeGreaterThan(0.9)
    expect((proposed?.freed_bytes ?? 0) / freed).toBeLessThan(1.1)
    expect(proposed?.days).toBe(3)
    const left = await database.db.execute(sql`select distinct hour from sample_blocks`)
    expect(left).toHaveLength(3)
  })

  it('tells what deleted rows have left inside the tables', async () => {
    await database.sql`delete from sample_blocks`
    const { reusable_bytes, bytes, age_bytes } = await level('samples')
    expect(reusable_bytes).toBe(bytes)
    expect(age_bytes).toEqual([])
  })
})
