// Summaries packed by the span: a row holds those of many slots, column by column.
import { type SQL, sql } from 'drizzle-orm'
import { SLOT_US, type SlotLevel } from './cover.ts'
import { SUMMARY_COLUMNS } from './summing.ts'

/** A pack begins at a multiple of its span since 1970. */
export type Level = { table: SQL; slotMs: number; span: SQL; spanUs: number }

const DAYS_PACKED = 30

export const LEVELS: Record<SlotLevel, Level> = {
  minute: {
    table: sql`minute_summaries`,
    slotMs: SLOT_US.minute / 1000,
    span: sql`interval '1 hour'`,
    spanUs: SLOT_US.hour,
  },
  hour: {
    table: sql`hour_summaries`,
    slotMs: SLOT_US.hour / 1000,
    span: sql`interval '1 day'`,
    spanUs: SLOT_US.day,
  },
  day: {
    table: sql`day_summaries`,
    slotMs: SLOT_US.day / 1000,
    span: sql.raw(`interval '${DAYS_PACKED} days'`),
    spanUs: DAYS_PACKED * SLOT_US.day,
  },
}

/** A summary's columns: those that are told, of any relation that `sumUp` or `unpack` gives. */
export const SUMMARY = list(['probe_id', 'at', ...SUMMARY_COLUMNS, 'buckets', 'counts'])

const ARRAYS = ['slots', ...SUMMARY_COLUMNS, 'buckets_used'] as const
const PACKED = [...ARRAYS, 'buckets', 'counts'] as const
/** What figures are made of, as arrays. */
export type PackColumn = Exclude<(typeof PACKED)[number], 'sum_squares'>
export const PACK_COLUMNS = PACKED.filter((name): name is PackColumn => name !== 'sum_squares')

/** The slot of a day in its pack. */
export const dayOf = (at: SQL) =>
  sql`(floor(date_part('epoch', ${at}) / 86400)::int % ${sql.raw(String(DAYS_PACKED))})`

/** Stores summaries as packs, each in place of the one that was there. */
export function storePacks({ table, slotMs, span }: Level, summaries: SQL): SQL {
  const columns = SUMMARY_COLUMNS.map((name) => `array_agg(${name} order by at)`)
  return sql`
    insert into ${table} (probe_id, since, ${list(PACKED)})
    select probe_id, since,
      array_agg((date_part('epoch', at - since) * 1000 / ${slotMs}::int)::smallint order by at),
      ${list(columns)}, array_agg(cardinality(buckets) order by at),
      array_join(buckets order by at), array_join(counts order by at)
    from (select *, date_bin(${span}, at, 'epoch') as since from ${summaries} s) s
    group by probe_id, since
    ${inPlaceOf(PACKED)}`
}

/** Ends an INSERT of whole packs. */
export function inPlaceOf(columns: readonly string[]): SQL {
  return sql`on conflict (probe_id, since) do update
    set ${list(columns.map((name) => `${name} = excluded.${name}`))}`
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
