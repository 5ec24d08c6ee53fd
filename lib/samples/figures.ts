// Counts in one statement what a window holds: each target of a group, and all of them.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { PENDING_MS } from '#lib/vocabulary.ts'
import { samplesBetween } from './between.ts'
import type { Figures, TargetFigures } from './contract.ts'
import { moment } from './window.ts'

/** [from, to) on the database's clock, and what that says now. */
export type Period = { from: Date; to: Date; now: Date }

/** `id` is null in the first row, which is the whole group. Round trips in microseconds. */
type Row = {
  id: string | null
  host: string | null
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

export type Counted = { group: Figures; targets: TargetFigures[] }

/** In intervals: between two results that lie further apart something was not measured. */
const REACH = 1.5

/**
 * The figures of the group's present targets, in the order of the wall. Every result belongs to the
 * run that has started by its sending and has not ended: [started_at, ended_at). A target that was
 * removed is not counted, one that was restored is, with all its runs.
 *
 * Due in a run are its time within the window ÷ interval, rounded down, without the last timeout
 * and second, whose results may be on their way; those that came already are counted as due.
 *
 * An outage lasts from the first lost echo of a row of losses to the next echo, if that was
 * answered, else to one interval after the last loss, at most to the end of run and window: what
 * was not measured lengthens no outage, and two outages with such a hole between are two.
 */
export async function readFigures(
  tx: Pick<Db, 'execute'>,
  groupId: string,
  period: Period,
): Promise<Counted> {
  const [group, ...rows] = await countWindow(tx, groupId, period)
  if (!group) throw new Error('A sum answered no row.')
  const targets = rows.map((row) => ({
    id: row.id ?? '',
    host: row.host ?? '',
    ...toFigures(row),
  }))
  return { group: toFigures(group), targets }
}

// Leans on the primary key of samples: one scan for each span of a run in the window. Full joins
// are hashed, where the planner, which expects a few rows, would loop over thousands in thousands.
function countWindow(tx: Pick<Db, 'execute'>, groupId: string, period: Period): Promise<Row[]> {
  return tx.execute<Row>(sql`
    with target as (
      select id, host, n, position from targets where group_id = ${groupId} and deleted_at is null
    ), span as materialized (${spansOf(period)}), result as materialized (
      select span.n, span.id as span_id, span.every, span.ends_at, s.at, s.rtt_us,
        s.at < span.settled_at as is_settled
      from span cross join lateral ${SAMPLES_OF_SPAN} s
      order by span.n, s.at
    ), counted as (${COUNTED}), due as (${DUE}), jitter as (${JITTER}),
    outage as (${outagesOf(period)})
    select t.id, t.host, coalesce(c.sent, 0) as sent, coalesce(c.received, 0) as received,
      coalesce(d.not_measured, 0) as not_measured, o.seconds as outage_seconds,
      c.min_us, c.max_us, coalesce(c.sum_us, 0) as sum_us, c.percentiles_us,
      coalesce(j.steps, 0) as steps, coalesce(j.step_sum_us, 0) as step_sum_us
    from (select null::uuid as id, null as host, 0 as n, null::float8 as position
      union all select id, host, n, position from target) t
    full join counted c using (n) full join due d using (n) full join jitter j using (n)
    full join outage o using (n)
    order by t.position nulls first, n`)
}

const SAMPLES_OF_SPAN = samplesBetween(sql`span.probe_id`, sql`span.starts_at`, sql`span.ends_at`)

// When a target ran with a probe, as ranges: runs that a clock set back made overlap count once.
const spansOf = ({ from, to, now }: Period) => sql`
  select n, row_number() over () as id, probe_id, every, lower(ran) as starts_at,
    upper(ran) as ends_at, least(upper(ran), ${moment(now)} - pending) as settled_at, interval_ms
  from (
    select t.n, r.probe_id, p.interval_ms, p.interval_ms * interval '1 ms' as every,
      (p.timeout_ms + ${PENDING_MS}) * interval '1 ms' as pending,
      unnest(range_agg(tstzrange(r.started_at, r.ended_at))
        * tstzmultirange(tstzrange(${moment(from)}, ${moment(to)}))) as ran
    from target t join target_runs r on r.target_id = t.id join probes p on p.id = r.probe_id
    where r.started_at < ${moment(to)} and (r.ended_at is null
      or r.ended_at > greatest(r.started_at, ${moment(from)}))
    group by t.n, r.probe_id, p.id
  ) ran order by n`

// In each of these sets `n` 0 is the group: targets count from 1.
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
  select coalesce(n, 0) as n, sum(greatest(0, due - measured))::float8 as not_measured
  from (
    select s.n, coalesce(m.measured, 0) as measured, floor(extract(epoch from
      greatest(interval '0', s.settled_at - s.starts_at)) * 1000 / s.interval_ms) as due
    from span s left join (
      select span_id, count(*) filter (where is_settled) as measured from result group by span_id
    ) m on m.span_id = s.id
  ) span group by grouping sets ((n), ())`

const JITTER = sql`
  select coalesce(n, 0) as n, count(step)::float8 as steps, sum(abs(step))::float8 as step_sum_us
  from (
    select n, rtt_us - lag(rtt_us) over (partition by n order by at) as step
    from result where rtt_us >= 0
  ) answer group by grouping sets ((n), ())`

const outagesOf = ({ now }: Period) => sql`
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

function toFigures(row: Row): Figures {
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
