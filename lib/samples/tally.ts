// Counts what the window of a strip holds, where to read every result would be too much.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { FEW_LOSSES } from './contract.ts'
import { byIndex, type Series } from './read.ts'

/** How many results of target `n` its window holds, and how many of them are losses. */
export type Tallied = {
  n: number
  sent: number
  lost: number
  /** The losses themselves, oldest first, where they are at most `FEW_LOSSES`; otherwise none. */
  losses: Series
}

type Row = { n: number; sent: number; lost: number; ms_before: number[] | null; v: number[] | null }

/**
 * For the target of each series the results of the `windowMs` that end with the series' last one.
 * Callers have checked the right to the group.
 */
export async function readTallies(
  db: Db,
  groupId: string,
  { series, windowMs }: { series: Series[]; windowMs: number },
): Promise<Tallied[]> {
  const ends = new Map(series.map(({ n, at }) => [n, at.at(-1) ?? 0]))
  const rows = await byIndex(db, (tx) => countWindows(tx, groupId, { ends, windowMs }))
  return rows.map(({ n, sent, lost, ms_before, v }) => {
    const end = ends.get(n) ?? 0
    const isFew = lost <= FEW_LOSSES
    const at = isFew ? (ms_before ?? []).map((ms) => end - ms) : []
    return { n, sent, lost, losses: { n, at, v: isFew ? (v ?? []) : [] } }
  })
}

// Leans on the primary key (probe_id, at): one scan of a window for each run. A dark target's
// losses are cut off where they are too many to be told.
function countWindows(
  tx: Pick<Db, 'execute'>,
  groupId: string,
  { ends, windowMs }: { ends: Map<number, number>; windowMs: number },
): Promise<Row[]> {
  return tx.execute<Row>(sql`
    select t.n, s.*
    from unnest(${sql.param([...ends.keys()])}::int[], ${sql.param([...ends.values()])}::bigint[])
      as told(n, ms)
    join targets t on t.group_id = ${groupId} and t.n = told.n
    cross join lateral (select 'epoch'::timestamptz + told.ms * interval '1 ms' as at) as last
    cross join lateral (
      select count(*)::int as sent, (count(*) filter (where w.v < 0))::int as lost,
        (array_agg(w.v order by w.at) filter (where w.v < 0))[1:${FEW_LOSSES}] as v,
        (array_agg((date_part('epoch', last.at - w.at) * 1000)::int order by w.at)
          filter (where w.v < 0))[1:${FEW_LOSSES}] as ms_before
      from (
        select x.at, x.rtt_us as v
        from target_runs r
        join samples x on x.probe_id = r.probe_id and x.at <= last.at
          and x.at > last.at - ${windowMs} * interval '1 ms'
          and x.at >= r.started_at and x.at < coalesce(r.ended_at, 'infinity')
        where r.target_id = t.id
      ) w
    ) s
    where s.sent > 0`)
}
