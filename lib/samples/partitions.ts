// The days of the sample store: partitions made ahead, old ones dropped whole.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'

const DAY_MS = 86_400_000
const DAYS_AHEAD = 2

/** Makes every missing day from the retention's first to two ahead (UTC) and drops the days before. */
export async function keepPartitions(db: Db, now: Date, retentionDays: number): Promise<void> {
  const today = Math.floor(now.getTime() / DAY_MS)
  const first = today - retentionDays
  const wanted = Array.from({ length: retentionDays + DAYS_AHEAD + 1 }, (_, i) => first + i)
  const present = await readPartitions(db)
  const missing = wanted.filter((day) => !present.includes(partitionName(day)))
  const expired = present.filter((name) => name < partitionName(first))
  if (missing.length === 0 && expired.length === 0) return

  await db.transaction(async (tx) => {
    // Those who make and drop partitions go one after the other.
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS.partitions}, 0)`)
    for (const day of missing) {
      await tx.execute(
        sql.raw(`create table if not exists ${partitionName(day)} partition of samples
          for values from ('${dayStart(day)}') to ('${dayStart(day + 1)}')`),
      )
    }
    for (const name of expired) await tx.execute(sql.raw(`drop table if exists ${name}`))
  })
}

async function readPartitions(db: Db): Promise<string[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'samples'::regclass`)
  return rows.map((row) => row.name)
}

// samples_20261122: sorts by day.
function partitionName(day: number): string {
  return `samples_${dayStart(day).slice(0, 10).replaceAll('-', '')}`
}

function dayStart(day: number): string {
  return new Date(day * DAY_MS).toISOString()
}
