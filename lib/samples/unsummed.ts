// Knows the hours whose summaries do not tell all: the present one, those with late rows.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { SLOT_US, type Time } from './cover.ts'
import type { Stretch } from './echo-columns.ts'
import { numbersOf } from './number-text.ts'

/** Whether the summaries of these whole hours tell all that is stored of them. */
export type IsSummed = (probeId: number, hours: Time) => boolean

/** Hours are counted since 1970. */
type Row = { probe_id: number; first_hour: number | null; hours: string | null }

/**
 * Of these times of probes, which are whole hours. An hour without minutes is not summed up, since a
 * probe's first result that is kept. Leans on primary keys: a range of minutes for each time.
 */
export async function readSummedHours(
  tx: Pick<Db, 'execute'>,
  times: readonly Stretch[],
): Promise<IsSummed> {
  const rows = times.length > 0 ? await readGaps(tx, times) : []
  const known = new Map(
    rows.map(({ probe_id, first_hour, hours }) => [
      probe_id,
      { first: first_hour ?? Number.POSITIVE_INFINITY, hours: new Set(numbersOf(hours ?? '{}')) },
    ]),
  )
  return (probeId, { fromUs, toUs }) => {
    const summed = known.get(probeId)
    if (!summed) return true
    const end = toUs / SLOT_US.hour
    for (let hour = Math.max(fromUs / SLOT_US.hour, summed.first); hour < end; hour += 1)
      if (!summed.hours.has(hour)) return false
    return true
  }
}

// Nothing of those that have minutes for every hour. Of the others, when they were first measured.
function readGaps(tx: Pick<Db, 'execute'>, times: readonly Stretch[]): Promise<Row[]> {
  const column = (pick: (one: Stretch) => number) => sql.param(times.map(pick))
  return tx.execute<Row>(sql`
    select t.probe_id, (date_part('epoch', first.hour) / 3600)::int as first_hour,
      (select array_agg((date_part('epoch', since) / 3600)::int)::text
        from unnest(summed.hours) as since) as hours
    from unnest(${column(({ probeId }) => probeId)}::int[],
      ${column(({ fromUs }) => fromUs)}::float8[], ${column(({ toUs }) => toUs)}::float8[])
      as t(probe_id, from_us, to_us)
    cross join lateral (
      select array_agg(m.since) as hours, count(*) as count from minute_summaries m
      where m.probe_id = t.probe_id
        and m.since >= 'epoch'::timestamptz + t.from_us * interval '1 us'
        and m.since < 'epoch'::timestamptz + t.to_us * interval '1 us'
      offset 0
    ) summed
    cross join lateral (select date_bin('1 hour', least(
      (select min(b.hour) from sample_blocks b where b.probe_id = t.probe_id),
      (select min(s.at) from samples s where s.probe_id = t.probe_id)), 'epoch') as hour) as first
    where summed.count < (t.to_us - t.from_us) / ${SLOT_US.hour}::float8`)
}
