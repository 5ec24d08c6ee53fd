// Summaries packed by the span: a row holds those of many slots, column by column.
import { type SQL, sql } from 'drizzle-orm'
import { SUMMARY_COLUMNS } from './summing.ts'

export type Level = { table: SQL; slotMs: number; span: SQL }

export const MINUTES: Level = {
  table: sql`minute_summaries`,
  slotMs: 60_000,
  span: sql`interval '1 hour'`,
}

export const HOURS: Level = {
  table: sql`hour_summaries`,
  slotMs: 3_600_000,
  span: sql`interval '1 day'`,
}

/** A summary's columns: those that are told, of any relation that `sumUp` or `unpack` gives. */
export const SUMMARY = list(['probe_id', 'at', ...SUMMARY_COLUMNS, 'buckets', 'counts'])

const ARRAYS = ['slots', ...SUMMARY_COLUMNS, 'buckets_used']

/** Stores summaries as packs, each in place of the one that was there. */
export function storePacks({ table, slotMs, span }: Level, summaries: SQL): SQL {
  const all = [...ARRAYS, 'buckets', 'counts']
  const columns = SUMMARY_COLUMNS.map((name) => `array_agg(${name} order by at)`)
  return sql`
    insert into ${table} (probe_id, since, ${list(all)})
    select probe_id, since,
      array_agg((date_part('epoch', at - since) * 1000 / ${slotMs}::int)::smallint order by at),
      ${list(columns)}, array_agg(cardinality(buckets) order by at),
      array_join(buckets order by at), array_join(counts order by at)
    from (select *, date_bin(${span}, at, 'epoch') as since from ${summaries} s) s
    group by probe_id, since
    on conflict (probe_id, since) do update
    set ${list(all.map((name) => `${name} = excluded.${name}`))}`
}

/** The summaries in the packs `p` that `where` chooses: (probe_id, at, …SUMMARY_COLUMNS, buckets, counts). */
export function unpack({ table, slotMs }: Level, where: SQL): SQL {
  const columns = ['slot', ...SUMMARY_COLUMNS, 'used']
  return sql`(
    select p.probe_id, p.since + u.slot * ${slotMs}::int * interval '1 ms' as at,
      ${list(SUMMARY_COLUMNS.map((name) => `u.${name}`))},
      h.buckets[u.before + 1:u.before + u.used] as buckets,
      h.counts[u.before + 1:u.before + u.used] as counts
    from ${table} p
    cross join lateral (
      -- A copy: each slice of what lies packed would unpack all of it again.
      select p.buckets || '{}' as buckets, p.counts || '{}' as counts offset 0
    ) h
    cross join lateral (
      select u.*, (sum(used) over (order by slot) - used)::int as before
      from unnest(${list(ARRAYS.map((name) => `p.${name}`))}) as u(${list(columns)})
    ) u
    where ${where}
  )`
}

function list(names: readonly string[]): SQL {
  return sql.raw(names.join(', '))
}
