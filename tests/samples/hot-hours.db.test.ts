import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samples } from '#lib/db/schema.ts'
import { HOUR_MS, keepHotHours, listHotHours, partitionOf } from '#lib/samples/hot-hours.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertSample } from '../support/measured-group.ts'

const DAY_MS = 24 * HOUR_MS
/** A day on which nothing was made yet. */
const later = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 10 * DAY_MS)
const msAfter = (ms: number) => new Date(later.getTime() + ms)

describe('the hours of the store', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.close())

  const countLate = async () => {
    const [row] = await database.db.execute<{ n: number }>(
      sql`select count(*)::int as n from samples_late`,
    )
    return row?.n
  }

  it('take a row of any time, made ahead or not', async () => {
    const { db } = database
    for (const days of [-30, -1, 0, 1, 30])
      await insertSample(db, 1, later.getTime() + days * DAY_MS, 100)
    expect(await db.$count(samples)).toBe(5)
  })

  it('are made ahead, by several at once and again without harm', async () => {
    const { db } = database
    await Promise.all([keepHotHours(db, later), keepHotHours(db, later)])
    await keepHotHours(db, later)
    const hours = (await listHotHours(db)).map(({ hour }) => hour)
    expect(hours.filter((hour) => hour >= later)).toEqual(
      [0, 1, 2, 3].map((hour) => msAfter(hour * HOUR_MS)),
    )
    await insertSample(db, 1, later.getTime() + 5, 100)
    expect(await countLate()).toBe(0)
  })

  it('take in the rows that came before they were made', async () => {
    const { db } = database
    await insertSample(db, 1, later.getTime() + 5, 100)
    await insertSample(db, 1, later.getTime() - 5, 200)
    await keepHotHours(db, later)
    expect(await db.$count(samples)).toBe(2)
    expect(await countLate()).toBe(1)
  })

  it('are dropped once they are closed and empty, and not while they hold a row', async () => {
    const { db } = database
    await keepHotHours(db, later)
    await insertSample(db, 1, later.getTime() + 5, 100)
    await keepHotHours(db, msAfter(20 * HOUR_MS))
    const hours = (await listHotHours(db)).map(({ hour }) => hour)
    expect(hours.filter((hour) => hour >= later && hour < msAfter(16 * HOUR_MS))).toEqual([later])
    expect(await db.$count(samples)).toBe(1)
  })

  it('are made while a present one is vacuumed', async () => {
    const { db } = database
    await keepHotHours(db, later)
    await db.transaction(async (tx) => {
      // The lock that a vacuum holds.
      await tx.execute(sql`lock table ${sql.identifier(partitionOf(later))}
        in share update exclusive mode`)
      await keepHotHours(db, msAfter(HOUR_MS))
    })
    const hours = (await listHotHours(db)).map(({ hour }) => hour)
    expect(hours).toContainEqual(msAfter(4 * HOUR_MS))
  })

  it('are not waited for: while somebody reads, nobody who stores is held up for long', async () => {
    const { db } = database
    await db.transaction(async (tx) => {
      await tx.execute(sql`lock table samples in access share mode`)
      const making = keepHotHours(db, later)
      await expect(making).rejects.toThrow()
      await insertSample(db, 1, later.getTime(), 100)
    })
    await keepHotHours(db, later)
    expect(await db.$count(samples)).toBe(1)
  })
})
