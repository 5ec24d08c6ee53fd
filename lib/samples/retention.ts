// Forgets what is past its time, level by level.
import { sql } from 'drizzle-orm'
import type { Config } from '#lib/config.ts'
import type { Db } from '#lib/db/client.ts'
import type { Kept } from './cover.ts'
import { LEVELS } from './packs.ts'

export type Retention = Pick<
  Config,
  'RAW_RETENTION_DAYS' | 'MINUTE_RETENTION_DAYS' | 'HOUR_RETENTION_DAYS'
>

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const LEVEL_TABLES = [
  'samples_late',
  'sample_blocks',
  'minute_summaries',
  'hour_summaries',
  'day_summaries',
]

/** The first hour whose samples are kept: late ones join theirs from here on. */
export function rawSince(now: Date, retention: Retention): Date {
  return keptAt(now, retention).rawSince
}

/** The first hours whose samples, and whose minutes, are kept. */
export function keptAt(now: Date, retention: Retention): Kept {
  const hourBefore = (days: number) =>
    new Date(Math.floor((now.getTime() - days * DAY_MS) / HOUR_MS) * HOUR_MS)
  return {
    rawSince: hourBefore(retention.RAW_RETENTION_DAYS),
    minutesSince: hourBefore(retention.MINUTE_RETENTION_DAYS),
  }
}

/** Deletes whole hours of samples and minutes, whole days of hours and packs of days; each statement for itself. */
export async function forgetOld(db: Db, now: Date, retention: Retention): Promise<void> {
  const rawDays = retention.RAW_RETENTION_DAYS
  const raw = rawSince(now, retention).toISOString()
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString()
  const minutes = before(retention.MINUTE_RETENTION_DAYS)
  const hours = before(retention.HOUR_RETENTION_DAYS)
  await db.execute(sql`delete from samples_late where at < ${raw}`)
  await db.execute(sql`delete from sample_blocks where hour < ${raw}`)
  await db.execute(
    sql`delete from minute_summaries where since < ${minutes}::timestamptz - interval '1 hour'`,
  )
  await db.execute(
    sql`delete from hour_summaries where since < ${hours}::timestamptz - interval '1 day'`,
  )
  await db.execute(
    sql`delete from day_summaries where since < ${hours}::timestamptz - ${LEVELS.day.span}`,
  )
  await db.execute(sql`delete from outages where ended_at < ${minutes}`)
  await db.execute(sql`delete from canary_readings where at < ${before(rawDays)}`)
  for (const versions of ['group_versions', 'target_versions', 'card_versions'])
    await db.execute(sql`delete from ${sql.identifier(versions)} where until < ${raw}`)
  // The last address of a probe stays, however long ago it was found.
  await db.execute(sql`
    delete from probe_addresses a
    where since < ${before(rawDays)}
      and exists (select from probe_addresses b where b.probe_id = a.probe_id and b.since > a.since)`)
}

/** Makes the place of deleted rows free: for new ones, and at a table's end for the disk. */
export async function giveBack(db: Db): Promise<void> {
  for (const table of LEVEL_TABLES) await db.execute(sql`vacuum ${sql.identifier(table)}`)
}
