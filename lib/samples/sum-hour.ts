// Sums up an hour soon after its end, so that a long window need not read its results.
import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { HOUR_MS, listHotHours, partitionOf } from './hot-hours.ts'
import { dayOf, LEVELS, SUMMARY, storePacks, unpack } from './packs.ts'
import { gatherHours, sumUp } from './summing.ts'
import { inTurn } from './turn.ts'

/** What workers store is a minute old at most; what comes later than this is late. */
const LATE_MS = 180_000

/** The hours that are over and not summed up yet. */
export async function listUnsummedHours(db: Db, now: Date): Promise<Date[]> {
  const hours = await listHotHours(db)
  return hours
    .filter(({ hour, isEmpty, isSummed }) => isOver(hour, now) && !isEmpty && !isSummed)
    .map(({ hour }) => hour)
}

/** Stores the summaries of an hour; its rows stay hot. All or nothing, like its compaction. */
export async function sumHour(db: Db, hour: Date): Promise<void> {
  await inTurn(db, async (tx) => {
    const hours = await listHotHours(tx)
    if (!hours.some((one) => one.hour.getTime() === hour.getTime() && !one.isSummed)) return
    const table = sql.identifier(partitionOf(hour))
    await tx.execute(sql`lock table ${table} in share row exclusive mode`)
    await tx.execute(sql`
      with hours as materialized ${gatherHours(sql`${table}`)}, ${storeSums(sql`hours`)}
      select`)
    await watchForLate(tx, hour)
  })
}

/** From now on a row of this hour that comes late takes away the summaries without it. */
export async function watchForLate(tx: Pick<Tx, 'execute'>, hour: Date): Promise<void> {
  await tx.execute(sql`
    create or replace trigger skip_known before insert on ${sql.identifier(partitionOf(hour))}
    for each row execute function skip_known_sample()`)
}

/**
 * Parts of a WITH that store the summaries of gathered hours, in their day's packs too. What was
 * added up of those days goes, until it is added up anew.
 */
export function storeSums(hours: SQL): SQL {
  const others = unpack(
    LEVELS.hour,
    sql`exists (select from ${hours} h
      where h.probe_id = p.probe_id and date_bin('1 day', h.since, 'epoch') = p.since)`,
  )
  return sql`
    minutes as (${storePacks(LEVELS.minute, sumUp({ hours, slotMs: LEVELS.minute.slotMs }))}),
    forgotten as (
      delete from ${LEVELS.day.table} d using ${hours} h
      where d.probe_id = h.probe_id and d.since = date_bin(${LEVELS.day.span}, h.since, 'epoch')
        and ${dayOf(sql`h.since`)} = any(d.slots)
    ),
    days as (${storePacks(
      LEVELS.hour,
      sql`(
        select ${SUMMARY} from ${sumUp({ hours, slotMs: LEVELS.hour.slotMs })} s
        union all
        select ${SUMMARY} from ${others} s where not exists (
          select from ${hours} h where h.probe_id = s.probe_id and h.since = s.at)
      )`,
    )})`
}

function isOver(hour: Date, now: Date): boolean {
  return hour.getTime() + HOUR_MS + LATE_MS <= now.getTime()
}
