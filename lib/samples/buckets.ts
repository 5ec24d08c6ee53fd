// Counts a target's results in buckets of equal width, so that a year fits into a chart.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Division } from './figures.ts'
import { countFinest } from './finest.ts'
import type { Bucket } from './history-contract.ts'
import type { Retention } from './retention.ts'
import type { Period } from './spans.ts'
import type { Placing } from './summed-figures.ts'
import { moment } from './window.ts'

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
  const widthMs = widthSeconds * 1000
  const originMs = Math.floor(period.from.getTime() / widthMs) * widthMs
  const targets = sql`(select id, n from targets where id = ${targetId})`
  const grid = { originMs, widthMs }
  const told = { division: byBucket(grid), placing: inBuckets(grid) }
  const { byN } = await countFinest(tx, { targets, period, retention, told })
  return [...byN]
    .filter(([n, { sent, not_measured }]) => n > 0 && sent + not_measured > 0)
    .sort(([a], [b]) => a - b)
    .map(([n, figures]) => ({
      at: new Date(Math.max(originMs + (n - 1) * widthMs, period.from.getTime())).toISOString(),
      ...figures,
    }))
}

type Grid = { originMs: number; widthMs: number }

// `n` counts the buckets from 1. Every result is read once, and finds its bucket by its time.
function byBucket({ originMs, widthMs }: Grid): Division {
  const origin = moment(new Date(originMs))
  const places = (at: SQL) => sql`extract(epoch from ${at} - ${origin}) * 1000 / ${widthMs}::float8`
  const startOf = (n: SQL) => sql`${origin} + (${n} - 1) * ${widthMs}::float8 * interval '1 ms'`
  const n = sql`(floor(${places(sql`s.at`)})::int + 1)`
  const next = (place: SQL) => startOf(sql`(${place} + 1)`)
  return {
    n,
    endsAt: sql`least(span.ends_at, ${next(n)})`,
    parts: sql`
      select span.id as span_id, bucket.n, span.interval_ms,
        greatest(span.starts_at, ${startOf(sql`bucket.n`)}) as starts_at,
        least(span.settled_at, ${next(sql`bucket.n`)}) as settled_at
      from span cross join lateral generate_series(floor(${places(sql`span.starts_at`)})::int + 1,
        ceil(${places(sql`span.ends_at`)})::int) as bucket(n)`,
  }
}

// The same for summaries.
function inBuckets({ originMs, widthMs }: Grid): Placing {
  return (_, fromMs, toMs) => {
    const first = Math.floor((fromMs - originMs) / widthMs)
    const count = Math.ceil((toMs - originMs) / widthMs) - first
    return Array.from({ length: count }, (_, i) => ({
      n: first + i + 1,
      fromMs: Math.max(fromMs, originMs + (first + i) * widthMs),
      toMs: Math.min(toMs, originMs + (first + i + 1) * widthMs),
    }))
  }
}
