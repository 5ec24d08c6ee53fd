// Counts what spans of time hold: the figures of each target or bucket, and of all of them.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from './between.ts'
import type { Figures } from './contract.ts'
import { REACH } from './summary.ts'
import { moment } from './window.ts'

/** What figures are made of; round trips in microseconds. */
type Counts = {
  sent: number
  received: number
  not_measured: number
  outage_seconds: number | null
  min_us: number | null
  max_us: number | null
  sum_us: number
  percentiles_us: number[] | null
  /** Pairs of consecutive round trips, and how far they differ in all. */
  steps: number
  step_sum_us: number
}

/** `n` 0 is all of them together. */
type Row = Counts & { n: number }

/** The figures of each `n` that has a span, and of all together. */
export type Counted = { all: Figures; byN: ReadonlyMap<number, Figures> }

/**
 * By what results are counted, of rows `span` (`spansOf`) and their results `s`: `n` of a result and
 * where its part of the span ends; `parts` are all there are, as (span_id, n, interval_ms, starts_at,
 * settled_at).
 */
export type Division = { n: SQL; endsAt: SQL; parts: SQL }

/** By the targets. */
const BY_TARGET: Division = {
  n: sql`span.n`,
  endsAt: sql`span.ends_at`,
  parts: sql`select id as span_id, n, interval_ms, starts_at, settled_at from span`,
}

/**
 * Counts the results of spans (`spansOf`), in one statement, by target or another division.
 *
 * Due in a part of a span are its time ÷ interval, rounded down, without what is not settled yet; results of
 * that time that came already are counted as due.
 *
 * An outage lasts from the first lost echo of a row of losses to the next echo, if that was
 * answered, else to one interval after the last loss, at most to the end of the part: what was not
 * measured lengthens no outage, and two outages with such a hole between are two.
 */
export async function countFigures(
  tx: Pick<Db, 'execute'>,
  { spans, now, division = BY_TARGET }: { spans: SQL; now: Date; division?: Division },
): Promise<Counted> {
  const rows = await countSpans(tx, { spans, now, division })
  const byN = new Map(rows.map((row) => [row.n, toFigures(row)]))
  return { all: byN.get(0) ?? NO_FIGURES, byN }
}

// Leans on the primary key of samples: one scan for each span. Full joins are hashed, where the
// planner, which expects a few rows, would loop over thousands in thousands.
function countSpans(
  tx: Pick<Db, 'execute'>,
  { spans, now, division: { n, endsAt, parts } }: { spans: SQL; now: Date; division: Division },
): Promise<Row[]> {
  return tx.execute<Row>(sql`
    with span as materialized (${spans}), result as materialized (
      select ${n} as n, span.id as span_id, span.every, ${endsAt} as ends_at, s.at, s.rtt_us,
        s.at < span.settled_at as is_settled
      from span cross join lateral ${SAMPLES_OF_SPAN} s
      order by n, s.at
    ), part as (${parts}), counted as (${COUNTED}), due as (${DUE}), jitter as (${JITTER}),
    outage as (${outagesOf(now)})
    select n, coalesce(c.sent, 0) as sent, coalesce(c.received, 0) as received,
      coalesce(d.not_measured, 0) as not_measured, o.seconds as outage_seconds,
      c.min_us, c.max_us, coalesce(c.sum_us, 0) as sum_us, c.percentiles_us,
      coalesce(j.steps, 0) as steps, coalesce(j.step_sum_us, 0) as step_sum_us
    from counted c full join due d using (n) full join jitter j using (n)
    full join outage o using (n)`)
}

const SAMPLES_OF_SPAN = samplesBetween(sql`span.probe_id`, sql`span.starts_at`, sql`span.ends_at`)

// In each of these sets `n` 0 is all of them: targets and buckets count from 1.
const COUNTED = sql`
  select coalesce(n, 0) as n, count(*)::float8 as sent,
    (count(*) filter (where rtt_us >= 0))::float8 as received,
    min(rtt_us) filter (where rtt_us >= 0) as min_us,
    max(rtt_us) filter (where rtt_us >= 0) as max_us,
    (sum(rtt_us) filter (where rtt_us >= 0))::float8 as sum_us,
    percentile_disc(array[0.5, 0.95, 0.99]) within group (order by rtt_us)
      filter (where rtt_us >= 0) as percentiles_us
  from result group by grouping sets ((n), ())`

const DUE = sql`
  select coalesce(n, 0) as n, sum(greatest(0, due - coalesce(measured, 0)))::float8 as not_measured
  from (
    select span_id, n, floor(extract(epoch from
      greatest(interval '0', settled_at - starts_at)) * 1000 / interval_ms) as due
    from part
  ) part left join (
    select span_id, n, count(*) filter (where is_settled) as measured
    from result group by span_id, n
  ) result using (span_id, n)
  group by grouping sets ((n), ())`

const JITTER = sql`
  select coalesce(n, 0) as n, count(step)::float8 as steps, sum(abs(step))::float8 as step_sum_us
  from (
    select n, rtt_us - lag(rtt_us) over (partition by n order by at) as step
    from result where rtt_us >= 0
  ) answer group by grouping sets ((n), ())`

const outagesOf = (now: Date) => sql`
  select coalesce(n, 0) as n, max(seconds)::float8 as seconds
  from (
    select n, extract(epoch from max(
      case when next_at - at <= ${REACH} * every then next_at
      else least(at + every, ends_at, greatest(at, ${moment(now)})) end) - min(at)) as seconds
    from (
      select *, count(*) filter (where is_first) over (partition by n order by at) as outage
      from (
        select n, at, rtt_us, every, ends_at, lead(at) over w as next_at,
          coalesce(lag(rtt_us) over w >= 0
            or at - lag(at) over w > ${REACH} * lag(every) over w, true) as is_first
        from result window w as (partition by n order by at)
      ) result where rtt_us < 0
    ) loss group by n, outage
  ) outage group by grouping sets ((n), ())`

export function toFigures(row: Counts): Figures {
  const { sent, received, not_measured } = row
  const due = sent + not_measured
  const [p50, p95, p99] = row.percentiles_us ?? []
  return {
    sent,
    received,
    lost: sent - received,
    not_measured,
    success_rate: sent > 0 ? received / sent : null,
    coverage: due > 0 ? sent / due : null,
    longest_outage_seconds: sent > 0 ? (row.outage_seconds ?? 0) : null,
    min_ms: ms(row.min_us),
    avg_ms: received > 0 ? row.sum_us / received / 1000 : null,
    max_ms: ms(row.max_us),
    p50_ms: ms(p50),
    p95_ms: ms(p95),
    p99_ms: ms(p99),
    jitter_ms: row.steps > 0 ? row.step_sum_us / row.steps / 1000 : null,
  }
}

const ms = (us: number | null | undefined) => (us == null ? null : us / 1000)

/** What a target is told that did not run in the window. */
export const NO_FIGURES = toFigures({
  sent: 0,
  received: 0,
  not_measured: 0,
  outage_seconds: null,
  min_us: null,
  max_us: null,
  sum_us: 0,
  percentiles_us: null,
  steps: 0,
  step_sum_us: 0,
})
