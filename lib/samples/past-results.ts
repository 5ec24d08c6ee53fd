// Reads the results that a wall of the past shows: known by a moment, hot and cold alike.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { OUTCOME, PING_BOUNDS } from '#lib/vocabulary.ts'
import { byIndex, type Series } from './read.ts'
import { type Bounds, moment } from './window.ts'

/** Targets of a group by their numbers. */
export type Rows = { groupId: string; n: readonly number[] }

/**
 * The last `results` results of each of these targets that were known at `by` and sent at `since` or
 * later, oldest first; none of a target is none of the answer. Callers have checked the right to the
 * group.
 */
export function readKnown(
  db: Db,
  rows: Rows,
  { since, by, results }: { since: Date; by: Date; results: number },
): Promise<Series[]> {
  return read(db, rows, { since, by, most: results, isAsked: sql`true` })
}

/** The most that a target can have in a stretch of five minutes, and as many again. */
const MOST_OF_STRETCH = 3_000

/** The results of each of these targets that became known in (from, to], as `readKnown`. */
export function readBecomingKnown(db: Db, rows: Rows, { from, to }: Bounds): Promise<Series[]> {
  const since = new Date(from.getTime() - PING_BOUNDS.timeoutMs.max)
  const isAsked = sql`known.at > ${moment(from)}`
  return read(db, rows, { since, by: to, most: MOST_OF_STRETCH, isAsked })
}

type Asked = { since: Date; by: Date; most: number; isAsked: SQL }
/** One run's results, the newest first; times in ms after the reading's first. */
type Row = { n: number; since_from: number[]; v: number[] }

// Leans on the primary keys of samples and sample_blocks: backward scans that end with the most.
async function read(db: Db, { groupId, n }: Rows, asked: Asked): Promise<Series[]> {
  const { since, by, most } = asked
  const rows = await byIndex(db, (tx) =>
    tx.execute<Row>(sql`
      select t.n, s.since_from, s.v
      from targets t
      join target_runs r on r.target_id = t.id
      join probes p on p.id = r.probe_id
      cross join lateral (
        select greatest(r.started_at, ${moment(since)}) as starts_at,
          least(r.ended_at, ${moment(by)}) as ends_at, p.timeout_ms * interval '1 ms' as timeout
      ) span
      cross join lateral (
        select array_agg((date_part('epoch', l.at - ${moment(since)}) * 1000)::int) as since_from,
          array_agg(l.rtt_us) as v
        from (
          select at, rtt_us from (${hot(asked)} union all ${cold(asked)}) both_kinds
          order by at desc limit ${most}
        ) l
      ) s
      where t.group_id = ${groupId} and t.n = any(${sql.param(n)}::int[])
        and span.starts_at < span.ends_at and s.v is not null
      order by t.n, r.started_at`),
  )
  return joinRuns(rows, since.getTime(), most)
}

function hot({ by, most, isAsked }: Asked): SQL {
  return sql`(
    select x.at, x.rtt_us from samples x ${knownOf(sql`x`)}
    where x.probe_id = r.probe_id and x.at >= span.starts_at and x.at < span.ends_at
      and known.at <= ${moment(by)} and ${isAsked}
    order by x.at desc limit ${most})`
}

/** More losses than this are never waited for at once: the longest timeout in shortest intervals. */
const MOST_UNKNOWN = PING_BOUNDS.timeoutMs.max / PING_BOUNDS.intervalMs.min

// Of a block only the part in which the results lie is unpacked: all of it takes thirty times as long.
function cold({ by, most, isAsked }: Asked): SQL {
  const placeOf = (at: SQL) => sql`block_place(b.step_ms, b.drift_ms, ${at})`
  const msOf = (at: SQL) => sql`extract(epoch from ${at} - b.hour) * 1000`
  const part = (column: SQL) => sql`${column}[place.first:place.last]`
  return sql`(
    select x.at, x.rtt_us
    from sample_blocks b
    cross join lateral (
      select greatest(begins, past - ${1 + most + MOST_UNKNOWN}::int) as first, past - 1 as last
      from (
        select ${placeOf(sql`floor(${msOf(sql`span.starts_at`)})::bigint`)} as begins,
          ${placeOf(sql`ceil(${msOf(sql`span.ends_at`)})::bigint`)} as past
        -- Found once: without this it would be looked for again for each result.
        offset 0
      ) ends offset 0
    ) place
    cross join lateral block_samples(b.hour + (place.first - 1) * b.step_ms * interval '1 ms',
      b.step_ms, ${part(sql`b.drift_ms`)}, ${part(sql`b.rest_us`)}, ${part(sql`b.rtt_us`)}) x
    ${knownOf(sql`x`)}
    where b.probe_id = r.probe_id and b.hour > span.starts_at - interval '1 hour'
      and b.hour < span.ends_at and x.at >= span.starts_at and x.at < span.ends_at
      and known.at <= ${moment(by)} and ${isAsked}
    order by b.hour desc, x.at desc limit ${most})`
}

// The same as `knownAtMs`.
function knownOf(x: SQL): SQL {
  return sql`cross join lateral (
    select ${x}.at + case when ${x}.rtt_us >= 0 then ${x}.rtt_us * interval '1 microsecond'
      when ${x}.rtt_us = ${OUTCOME.lost}::int then span.timeout else interval '0' end as at
  ) known`
}

// A target whose parameters changed has several runs; its series is their last results together.
function joinRuns(rows: readonly Row[], sinceMs: number, most: number): Series[] {
  const byTarget = new Map<number, Series>()
  for (const { n, since_from, v } of rows) {
    const { at: atBefore, v: vBefore } = byTarget.get(n) ?? { at: [], v: [] }
    const at = [...atBefore, ...since_from.map((ms) => sinceMs + ms).reverse()].slice(-most)
    byTarget.set(n, { n, at, v: [...vBefore, ...v.reverse()].slice(-most) })
  }
  return [...byTarget.values()]
}
