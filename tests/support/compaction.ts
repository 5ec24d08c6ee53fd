// The compactor's steps, each until nothing is left to do, and its end in the middle of one.
import { type SQL, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { type Db, isDatabaseAway, openDatabase } from '#lib/db/client.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { sumDays } from '#lib/samples/sum-days.ts'
import { listUnsummedHours, sumHour } from '#lib/samples/sum-hour.ts'
import type { TestDatabase } from './database.ts'
import { until } from './until.ts'

export async function compactAll(db: Db, now: Date): Promise<void> {
  for (const heap of await listClosedHours(db, now, new Date(0))) await compactHour(db, heap)
}

export async function sumAll(db: Db, now: Date): Promise<void> {
  for (const hour of await listUnsummedHours(db, now)) await sumHour(db, hour)
}

/** Resolves with how many days were stored. */
export async function sumAllDays(db: Db, now: Date): Promise<number> {
  let stored = 0
  for await (const days of sumDays(db, now, new Date(0))) stored += days
  return stored
}

/** Kills `work` as it waits for what `held` has locked, in a transaction that changes nothing. */
export async function killHeld(
  database: TestDatabase,
  held: SQL,
  work: (db: Db) => Promise<unknown>,
): Promise<void> {
  const killed = openDatabase({ url: database.url, name: 'echowall-killed', connections: 1 })
  const other = openDatabase({ url: database.url, name: 'echowall-test-other', connections: 1 })
  const story = database.db.transaction(async (tx) => {
    await tx.execute(held)
    const isCutOff = work(killed.db).then(() => false, isDatabaseAway)
    await killWaiting(other.db)
    expect(await isCutOff).toBe(true)
    tx.rollback()
  })
  await expect(story).rejects.toThrow('Rollback')
  await killed.sql.end({ timeout: 0 })
  await other.close()
}

async function killWaiting(db: Db): Promise<void> {
  await until(async () => {
    const rows = await db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'echowall-killed' and wait_event_type = 'Lock'`)
    return rows.length > 0
  })
}
