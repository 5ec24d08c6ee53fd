// The hours of the sample store that have a partition each: made ahead, dropped once empty.
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'

export const HOUR_MS = 3_600_000
/** An hour is closed so long after its end: live replays of 2 h and openings of outages read hot rows. */
const HOT_MS = 4 * HOUR_MS
const HOURS_AHEAD = 3
const HOUR_NAME = /^samples_(\d{8})(\d{2})$/
/** Whoever waits to store a sample waits behind us, so we give up soon and come again. */
const LOCK_LIMIT = '300ms'

/** Takes the rows of hours that have no partition. */
export const LATE = 'samples_late'

/** The hour that begins at this time. One that is summed up watches for late rows. */
export type HotHour = { hour: Date; isEmpty: boolean; isSummed: boolean }

/** Samples before this time are compacted, those after it are hot. */
export function hotSince(now: Date): Date {
  return new Date(Math.floor((now.getTime() - HOT_MS) / HOUR_MS) * HOUR_MS)
}

/**
 * Makes this hour and the next ones, and drops closed ones that are empty. Throws when the lock
 * that this takes is not had at once; nothing is lost by then, for a row without an hour is late.
 */
export async function keepHotHours(db: Db, now: Date): Promise<void> {
  const current = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const wanted = Array.from({ length: HOURS_AHEAD + 1 }, (_, i) => current + i * HOUR_MS)
  await db.transaction(async (tx) => {
    // Those who make and drop hours go one after the other.
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS.partitions}, 0)`)
    const present = (await listHotHours(tx)).map(({ hour }) => hour.getTime())
    const missing = wanted.filter((hour) => !present.includes(hour))
    const spent = await listSpent(tx, now)
    if (missing.length === 0 && spent.length === 0) return

    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_LIMIT}'`))
    // Not the hours themselves: autovacuum, which visits those that fill, would be waited for.
    await tx.execute(sql`lock table only samples, only ${sql.identifier(LATE)}
      in access exclusive mode`)
    for (const hour of missing) await makeHour(tx, new Date(hour))
    // Asked again: until the lock was had, rows could come.
    for (const { hour } of await listSpent(tx, now))
      await tx.execute(sql`drop table ${sql.identifier(partitionOf(hour))}`)
  })
}

/** The hours that have a partition, in order; one is empty that never held a row, or was emptied whole. */
export async function listHotHours(db: Pick<Db, 'execute'>): Promise<HotHour[]> {
  const rows = await db.execute<{ name: string; isEmpty: boolean; isSummed: boolean }>(sql`
    select c.relname as name, pg_relation_size(c.oid) is not distinct from 0 as "isEmpty",
      exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'skip_known')
        as "isSummed"
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'samples'::regclass and c.relname ~ ${HOUR_NAME.source}
    order by c.relname`)
  return rows.map(({ name, ...rest }) => ({ hour: hourNamed(name), ...rest }))
}

/** samples_2026112213: the partition of an hour, in UTC. */
export function partitionOf(hour: Date): string {
  return `samples_${hour.toISOString().slice(0, 13).replace(/\D/g, '')}`
}

function hourNamed(partition: string): Date {
  const [, date, hour] = HOUR_NAME.exec(partition) ?? []
  if (!date || !hour) throw new Error(`${partition} is not the partition of an hour.`)
  return new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:00:00Z`)
}

async function listSpent(tx: Pick<Tx, 'execute'>, now: Date): Promise<HotHour[]> {
  const hours = await listHotHours(tx)
  return hours.filter(({ hour, isEmpty }) => isEmpty && hour < hotSince(now))
}

// Rows that came before their partition stand with the late ones, and no partition may be made
// beside them: they are taken out and put in again.
async function makeHour(tx: Pick<Tx, 'execute'>, hour: Date): Promise<void> {
  const [from, to] = [hour, new Date(hour.getTime() + HOUR_MS)].map((time) => time.toISOString())
  const late = sql.identifier(LATE)
  await tx.execute(sql`
    create temp table early as
    select probe_id, at, rtt_us from ${late} where at >= ${from} and at < ${to}`)
  await tx.execute(sql`delete from ${late} where at >= ${from} and at < ${to}`)
  await tx.execute(
    sql.raw(`create table ${partitionOf(hour)} partition of samples
      for values from ('${from}') to ('${to}')`),
  )
  await tx.execute(sql`insert into samples (probe_id, at, rtt_us) select * from early`)
  await tx.execute(sql`drop table early`)
}
