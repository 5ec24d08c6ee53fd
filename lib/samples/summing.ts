// Summarizes results in SQL, as lib/samples/running-sum.ts does, of many probes at once.
import { type SQL, sql } from 'drizzle-orm'
import { HOUR_MS } from './hot-hours.ts'
import { REACH } from './running-sum.ts'
import { BUCKET_RATIO } from './spread.ts'

/** One value a summary, as `sumUp` gives them; times are ms after the beginning `at`. */
export const SUMMARY_COLUMNS = [
  'sent',
  'received',
  'min_us',
  'max_us',
  'sum_us',
  'sum_squares',
  'step_sum_us',
  'first_us',
  'last_us',
  'first_ms',
  'last_ms',
  'leading_loss_until_ms',
  'trailing_loss_from_ms',
  'longest_ended_ms',
] as const

/**
 * Results (probe_id, at, rtt_us) gathered by probe and hour: (probe_id, since, interval_ms, at_ms,
 * rest_us, v), in the order of their times: ms after the hour's beginning `since`, and µs after those.
 */
export function gatherHours(results: SQL): SQL {
  return sql`(
    select r.*, coalesce(p.interval_ms, 1000) as interval_ms
    from (
      select probe_id, since, array_agg((us / 1000)::int order by us) as at_ms,
        array_agg((us % 1000)::smallint order by us) as rest_us, array_agg(rtt_us order by us) as v
      from (
        select probe_id, since, round(date_part('epoch', at - since) * 1000000)::bigint as us, rtt_us
        from (select *, date_bin('1 hour', at, 'epoch') as since from ${results} r) r
      ) r group by probe_id, since
    ) r
    left join probes p on p.id = r.probe_id
  )`
}

/**
 * A summary of each minute, or whatever `slotMs` says, that holds results of gathered hours:
 * (probe_id, at, …SUMMARY_COLUMNS, buckets, counts).
 */
export function sumUp({ hours, slotMs }: { hours: SQL; slotMs: number }): SQL {
  return sql`(
    select s.probe_id, s.since + s.slot * ${slotMs}::int * interval '1 ms' as at,
      s.sent, s.received, s.min_us, s.max_us, s.sum_us, s.sum_squares, steps.step_sum_us,
      s.us[1] as first_us, s.us[s.received] as last_us, s.at_ms[1] as first_ms,
      s.at_ms[s.sent] as last_ms, losses.*, histogram.*
    from ${slotMs === HOUR_MS ? wholeHours(hours) : divide(hours, sql.raw(String(slotMs)))} s
    cross join lateral ${STEPS} steps
    cross join lateral ${LOSSES} losses
    cross join lateral ${HISTOGRAM} histogram
  )`
}

// `us` are the round trips alone.
const TOLD = sql`
  array_agg(u.v order by i) filter (where u.v >= 0) as us,
  count(*)::int as sent, (count(*) filter (where u.v >= 0))::int as received,
  min(u.v) filter (where u.v >= 0) as min_us, max(u.v) filter (where u.v >= 0) as max_us,
  coalesce(sum(u.v) filter (where u.v >= 0), 0) as sum_us,
  coalesce(sum(u.v::float8 * u.v) filter (where u.v >= 0), 0) as sum_squares`

const divide = (hours: SQL, slotMs: SQL) => sql`(
  select h.probe_id, h.since, h.interval_ms, g.*
  from ${hours} h cross join lateral (
    select u.ms / ${slotMs} as slot, array_agg(u.ms % ${slotMs} order by i) as at_ms,
      array_agg(u.v order by i) as v, ${TOLD}
    from unnest(h.at_ms, h.v) with ordinality as u(ms, v, i)
    group by 1
  ) g
)`

// An hour is whole already, and need not be divided.
const wholeHours = (hours: SQL) => sql`(
  select h.probe_id, h.since, h.interval_ms, 0 as slot, h.at_ms, h.v, g.*
  from ${hours} h cross join lateral (
    select ${TOLD} from unnest(h.v) with ordinality as u(v, i)
  ) g
)`

const STEPS = sql`(
  select coalesce(sum(abs(later - earlier)), 0) as step_sum_us
  from unnest(s.us[2:], s.us[:s.received - 1]) as u(later, earlier)
)`

const HISTOGRAM = sql`(
  select coalesce(array_agg(bucket order by bucket), '{}') as buckets,
    coalesce(array_agg(n order by bucket), '{}') as counts
  from (
    select case when us < 1 then -1
        else floor(ln(us::float8) / ln(${sql.raw(String(BUCKET_RATIO))}::float8)) end::smallint as bucket,
      count(*)::int as n
    from unnest(s.us) as us group by 1
  ) b
)`

// A run begins with a loss that follows an answer or unmeasured time. Only losses are looked at, and
// what stands beside each of them.
const LOSSES = sql`(
  select max(ends_ms) filter (where is_ended and from_ms = s.at_ms[1]) as leading_loss_until_ms,
    max(from_ms) filter (where not is_ended) as trailing_loss_from_ms,
    coalesce(max(ends_ms - from_ms) filter (where is_ended), 0) as longest_ended_ms
  from (
    select min(ms) as from_ms, bool_and(next_ms is not null) as is_ended,
      max(case when next_ms - ms <= ${REACH}::float8 * s.interval_ms then next_ms
        else ms + s.interval_ms end) as ends_ms
    from (
      select s.at_ms[i] as ms, s.at_ms[i + 1] as next_ms,
        count(*) filter (where (s.v[i - 1] < 0
            and s.at_ms[i] - s.at_ms[i - 1] <= ${REACH}::float8 * s.interval_ms) is not true
          ) over (order by i) as run
      from unnest(s.v) with ordinality as u(v, place)
      cross join lateral (select place::int as i) p
      where s.sent > s.received and u.v < 0
    ) r
    group by run
  ) run
)`
