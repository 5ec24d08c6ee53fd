import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplesBetween } from '#lib/samples/between.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { readPacks, want } from '#lib/samples/pack-shelf.ts'
import { forgetOld, rawSince } from '#lib/samples/retention.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig } from '../support/factories.ts'
import { insertSample, makeProbe } from '../support/measured-group.ts'

const DAY_MS = 86_400_000
const now = new Date()
const retention = makeConfig({
  RAW_RETENTION_DAYS: 2,
  MINUTE_RETENTION_DAYS: 5,
  HOUR_RETENTION_DAYS: 30,
})

describe('retention', () => {
  let database: TestDatabase
  let probeId: number
  beforeAll(async () => {
    database = await createTestDatabase()
    probeId = await makeProbe(database.db, '127.4.0.1')
  })
  afterAll(() => database.close())

  const store = (days: number, v: number) =>
    insertSample(database.db, probeId, now.getTime() - days * DAY_MS, v)

  async function compact(from: Date): Promise<void> {
    for (const heap of await listClosedHours(database.db, now, from))
      await compactHour(database.db, heap)
  }

  async function readRaw(): Promise<number[]> {
    const [from, to] = [60, 0].map(
      (days) => sql`${new Date(now.getTime() - days * DAY_MS).toISOString()}::timestamptz`,
    )
    if (!from || !to) return []
    const rows = await database.db.execute<{ rtt_us: number }>(sql`
      select rtt_us from ${samplesBetween(sql`${probeId}::int`, from, to)} s
      order by at`)
    return rows.map((row) => row.rtt_us)
  }

  async function readSums(level: 'minute' | 'hour'): Promise<number[]> {
    const reach = { fromUs: (now.getTime() - 60 * DAY_MS) * 1000, toUs: now.getTime() * 1000 }
    const wanted = new Map()
    want(wanted, level, probeId, reach)
    const shelf = await readPacks(database.db, level, wanted)
    return [...shelf.slotsOf(probeId, reach)].map(({ summary }) => summary.sumUs)
  }

  it('forgets samples, minutes and hours each in their time', async () => {
    for (const days of [40, 20, 4, 1]) await store(days, days)
    await compact(new Date(0))
    expect(await readRaw()).toEqual([40, 20, 4, 1])
    await forgetOld(database.db, now, retention)
    expect(await readRaw()).toEqual([1])
    expect(await readSums('minute')).toEqual([4, 1])
    expect(await readSums('hour')).toEqual([20, 4, 1])
  })

  it('never tells an hour anew from rows that come after its samples were forgotten', async () => {
    await store(4, 1_000)
    expect(await readSums('hour')).toEqual([20, 4, 1])
    await compact(new Date(0))
    expect(await readSums('hour')).toEqual([20, 4, 1])
    expect(await readSums('minute')).toEqual([4, 1])
  })

  it('keeps a late row only where its samples are kept', async () => {
    await store(3, 3)
    await store(1.5, 15)
    await forgetOld(database.db, now, retention)
    expect(await readRaw()).toEqual([15, 1])
    await compact(rawSince(now, retention))
    expect(await readRaw()).toEqual([15, 1])
  })
})
