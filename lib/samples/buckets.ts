// Counts a target's results in buckets of equal width, so that a year fits into a chart.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { countFigures } from './figures.ts'
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
  const spans = cutSpans(spansOf(target, period), { originMs, widthMs })
  const { byN } = await countFigures(tx, { spans, now: period.now })
  return [...byN]
    .filter(([n, { sent, not_measured }]) => n > 0 && sent + not_measured > 0)
    .sort(([a], [b]) => a - b)
    .map(([n, figures]) => ({
      at: new Date(Math.max(originMs + (n - 1) * widthMs, period.from.getTime())).toISOString(),
      ...figures,
    }))
}

// The same columns as `spansOf`; `n` counts the buckets from 1.
function cutSpans(spans: SQL, { originMs, widthMs }: { originMs: number; widthMs: number }): SQL {
  const origin = moment(new Date(originMs))
  const width = sql`${widthMs} * interval '1 ms'`
  const place = (at: SQL) =>
    sql`(extract(epoch from ${at} - ${origin}) * 1000 / ${widthMs}::float8)`
  return sql`
    select row_number() over () as id, cut.* from (
      select bucket.n, s.probe_id, s.interval_ms, s.every,
        greatest(s.starts_at, ${origin} + (bucket.n - 1) * ${width}) as starts_at,
        least(s.ends_at, ${origin} + bucket.n * ${width}) as ends_at,
        least(s.settled_at, ${origin} + bucket.n * ${width}) as settled_at
      from (${spans}) s cross join lateral generate_series(
        floor(${place(sql`s.starts_at`)})::int + 1, ceil(${place(sql`s.ends_at`)})::int) as bucket(n)
    ) cut order by n`
}
