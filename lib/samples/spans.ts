// When targets ran within a period, and with which probes: by this its results are read.
import { type SQL, sql } from 'drizzle-orm'
import { PENDING_MS } from '#lib/vocabulary.ts'
import { type Bounds, moment } from './window.ts'

/** [from, to) on the database's clock, and what that says now. */
export type Period = Bounds & { now: Date }

/**
 * Rows of `id`, `n`, `probe_id`, `interval_ms`, `every` (the same as an interval), `starts_at`,
 * `ends_at` and `settled_at`, in the order of `n`, for the targets of a set of `id` and `n`.
 *
 * Every result belongs to the run that had started by its sending and had not ended: [started_at,
 * ended_at). Runs that a clock set back made overlap are one span. Settled is what lies further
 * back than timeout and a second: what has no result by then was not measured.
 */
export function spansOf(targets: SQL, { from, to, now }: Period): SQL {
  const [start, end] = [moment(from), moment(to)]
  return sql`
    select row_number() over () as id, n, probe_id, interval_ms, interval_ms * ${MS} as every,
      lower(ran) as starts_at, upper(ran) as ends_at,
      least(upper(ran), ${moment(now)} - (timeout_ms + ${PENDING_MS}) * ${MS}) as settled_at
    from (
      select t.n, r.probe_id, p.interval_ms, p.timeout_ms,
        unnest(range_agg(tstzrange(r.started_at, r.ended_at))
          * tstzmultirange(tstzrange(${start}, ${end}))) as ran
      from ${targets} t join target_runs r on r.target_id = t.id join probes p on p.id = r.probe_id
      where r.started_at < ${end} and (r.ended_at is null
        or r.ended_at > greatest(r.started_at, ${start}))
      group by t.n, r.probe_id, p.id
    ) ran order by n`
}

const MS = sql`interval '1 ms'`
