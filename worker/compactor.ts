// Keeps the store in shape: days made ahead and dropped in time, notes of flushes forgotten.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { keepPartitions } from '#lib/samples/partitions.ts'
import { type Repetition, repeat } from './repeat.ts'

const EVERY_MS = 60_000

export type CompactorOptions = { db: Db; retentionDays: number; log: Log }

/** Works once a minute, in as many workers as there are: every step is safe to repeat. */
export function createCompactor({ db, retentionDays, log }: CompactorOptions): Repetition {
  return repeat({ everyMs: EVERY_MS, work, log })

  async function work(): Promise<void> {
    try {
      await compact()
    } catch (error) {
      log.warn({ err: error }, 'the store could not be kept in shape; next try in a minute')
    }
  }

  async function compact(): Promise<void> {
    const [row] = await db.execute<{ now: string }>(sql`select clock_timestamp() as now`)
    if (row) await keepPartitions(db, new Date(row.now), retentionDays)
    await db.execute(
      sql`delete from canary_readings where at < clock_timestamp() - ${retentionDays} * interval '1 day'`,
    )
    await db.execute(
      sql`delete from flushes where stored_at < clock_timestamp() - interval '1 hour'`,
    )
    // The last address of a probe stays, however long ago it was found.
    await db.execute(sql`
      delete from probe_addresses a
      where since < clock_timestamp() - ${retentionDays}::int * interval '1 day'
        and exists (select from probe_addresses b where b.probe_id = a.probe_id and b.since > a.since)`)
  }
}
