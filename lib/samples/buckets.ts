// Counts a target's results in buckets of equal width, so that a year fits into a chart.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { countFigures, type Division } from './figures.ts'
import type { Bucket } from './history-contract.ts'
import { type Period, spansOf } from './spans.ts'
import { moment } from './window.ts'

/**
 * The figures of each bucket in which anything was due. Buckets begin at multiples of their width
 * since 1970, so that a moved window shows the same ones; the first and last are cut by the period.
 */
export async function readBuckets(
  tx: Pick<Db, 'execute'>,
  targetId: string,
  { widthSeconds, ...period }: Period & { widthSeconds: number },
): Promise<Bucket[]> {
  const widthMs = widthSeconds * 1000
  const originMs = Math.floor(period.from.getTime() / widthMs) * widthMs
  const target = sql`(select id, n from targets where id = ${targetId})`
  const spans = spansOf(target, period)
  const division = byBucket({ originMs, widthMs })
  const { byN } = await countFigures(tx, { spans, now: period.now, division })
  return [...byN]
    .filter(([n, { sent, not_measured }]) => n > 0 && sent + not_measured > 0)
    .sort(([a], [b]) => a - b)
    .map(([n, figures]) => ({
      at: new Date(Math.max(originMs + (n - 1) * widthMs, period.from.getTime())).toISOString(),
      ...figures,
    }))
}

// `n` counts the buckets from 1. Every result is read once, and finds its bucket by its time.
function byBucket({ originMs, widthMs }: { originMs: number; widthMs: number }): Division {
  const origin = moment(new Date(originMs))
  const places = (at: SQL) => sql`extract(epoch from ${at} - ${origin}) * 1000 / ${widthMs}::float8`
  const startOf = (n: SQL) => sql`${origin} + (${n} - 1) * ${widthMs} * interval '1 ms'`
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
