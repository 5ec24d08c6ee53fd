// Counts a target's results in buckets of equal width, so that a year fits into a chart.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Division } from './figures.ts'
import { countFinest, type Told } from './finest.ts'
import type { Bucket } from './history-contract.ts'
import type { Retention } from './retention.ts'
import type { Period } from './spans.ts'
import type { Placing } from './summed-figures.ts'
import { type Bounds, moment } from './window.ts'

/** `widthSeconds` are whole slots where samples are not there or too many (`levelFor`). */
type Asked = { widthSeconds: number; period: Period; retention: Retention }

/**
 * The figures of each bucket in which anything was due. Buckets begin at multiples of their width
 * since 1970, so that a moved window shows the same ones; the first and last are cut by the period.
 */
export async function readBuckets(
  tx: Pick<Db, 'execute'>,
  targetId: string,
  { widthSeconds, period, retention }: Asked,
): Promise<Bucket[]> {
  const targets = sql`(select id, 1 as n from targets where id = ${targetId})`
  const grid = gridOver(period, widthSeconds)
  const { byN } = await countFinest(tx, { targets, period, retention, told: inGrid(grid) })
  return [...byN]
    .filter(([n, { sent, not_measured }]) => n > 0 && sent + not_measured > 0)
    .sort(([a], [b]) => a - b)
    .map(([n, figures]) => ({ at: beginningOf(grid, n - 1, period).toISOString(), ...figures }))
}

/** So many buckets of equal width, the first of which begins at `originMs`. */
export type Grid = { originMs: number; widthMs: number; count: number }

export function gridOver({ from, to }: Bounds, widthSeconds: number): Grid {
  const widthMs = widthSeconds * 1000
  const originMs = Math.floor(from.getTime() / widthMs) * widthMs
  return { originMs, widthMs, count: Math.ceil((to.getTime() - originMs) / widthMs) }
}

/** When the bucket with this place, from 0, begins within the bounds. */
export function beginningOf({ originMs, widthMs }: Grid, place: number, { from }: Bounds): Date {
  return new Date(Math.max(originMs + place * widthMs, from.getTime()))
}

/** Tells results apart by target and bucket: place i from 0 of target n is n' = (n − 1) × count + i + 1. */
export function inGrid(grid: Grid): Told {
  return { division: byBucket(grid), placing: inBuckets(grid) }
}

// Every result is read once, and finds its bucket by its time.
function byBucket({ originMs, widthMs, count }: Grid): Division {
  const origin = moment(new Date(originMs))
  const places = (at: SQL) => sql`extract(epoch from ${at} - ${origin}) * 1000 / ${widthMs}::float8`
  const startOf = (place: SQL) => sql`${origin} + ${place} * ${widthMs}::float8 * interval '1 ms'`
  const next = (place: SQL) => startOf(sql`(${place} + 1)`)
  const placeOf = sql`floor(${places(sql`s.at`)})::int`
  const numbered = (place: SQL) => sql`((span.n - 1) * ${count}::int + ${place} + 1)`
  return {
    n: numbered(placeOf),
    endsAt: sql`least(span.ends_at, ${next(placeOf)})`,
    parts: sql`
      select span.id as span_id, ${numbered(sql`bucket.place`)} as n, span.interval_ms,
        greatest(span.starts_at, ${startOf(sql`bucket.place`)}) as starts_at,
        least(span.settled_at, ${next(sql`bucket.place`)}) as settled_at
      from span cross join lateral generate_series(floor(${places(sql`span.starts_at`)})::int,
        ceil(${places(sql`span.ends_at`)})::int - 1) as bucket(place)`,
  }
}

// The same for summaries.
function inBuckets({ originMs, widthMs, count }: Grid): Placing {
  return (target, fromMs, toMs) => {
    const first = Math.floor((fromMs - originMs) / widthMs)
    const length = Math.ceil((toMs - originMs) / widthMs) - first
    return Array.from({ length }, (_, i) => ({
      n: (target - 1) * count + first + i + 1,
      fromMs: Math.max(fromMs, originMs + (first + i) * widthMs),
      toMs: Math.min(toMs, originMs + (first + i + 1) * widthMs),
    }))
  }
}
