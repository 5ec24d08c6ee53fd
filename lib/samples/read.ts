// Reads the recent results of a group's targets: what a snapshot replays.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'

/** One target's results, oldest first: `at` in ms since 1970, `v` the round trip in µs or an outcome code. */
export type Series = { n: number; at: number[]; v: number[] }

export type Recent = {
  /** The last flush that may be contained; a reader gives it back to resume. */
  cursor: string
  /** From here on no stored result is missing. */
  completeFrom: string
  series: Series[]
}

export type Replay = { results: number; ms: number; since?: string | undefined }

/** A flush may become visible later than one stored after it; this covers the difference. */
const OVERLAP = '10 seconds'

/**
 * The last `results` results of each target within the last `ms`, through its runs; with `since`
 * (an earlier cursor) only what was stored after it. Callers have checked the right to the group.
 */
export async function readRecent(db: Db, groupId: string, replay: Replay): Promise<Recent> {
  const { cursor, from } = await readBounds(db, replay)
  // Leans on the primary key (probe_id, at): one backward scan of at most `results` rows for each run.
  const rows = await db.execute<{ n: number; at: string[]; v: number[] }>(sql`
    select t.n, s.at, s.v
    from targets t
    join target_runs r on r.target_id = t.id
    cross join lateral (
      select array_agg(floor(extract(epoch from l.at) * 1000)::bigint order by l.at) as at,
        array_agg(l.rtt_us order by l.at) as v
      from (
        select at, rtt_us from samples
        where probe_id = r.probe_id and at >= greatest(r.started_at, ${from}::timestamptz)
          and at < coalesce(r.ended_at, 'infinity')
        order by at desc limit ${replay.results}
      ) l
    ) s
    where t.group_id = ${groupId} and t.deleted_at is null and s.at is not null
      and (r.ended_at is null or r.ended_at > ${from}::timestamptz)
    order by t.n, r.started_at`)
  const series = joinRuns(rows, replay.results)
  return { cursor, completeFrom: completeFrom(series, from, replay.results), series }
}

// A series cut at its limit is complete only from its own first result.
function completeFrom(series: Series[], from: string, results: number): string {
  const cut = series.filter((s) => s.at.length >= results).map((s) => s.at[0] ?? 0)
  const latest = cut.reduce((a, b) => Math.max(a, b), 0)
  return latest > Date.parse(from) ? new Date(latest).toISOString() : from
}

async function readBounds(
  db: Db,
  { ms, since }: Replay,
): Promise<{ cursor: string; from: string }> {
  const oldest = sql`clock_timestamp() - ${ms} * interval '1 ms'`
  // Flushes are kept an hour: a `since` older than that reads everything again.
  const [row] = await db.execute<{ cursor: string; from: string }>(sql`
    select coalesce((select max(stored_at) from flushes), clock_timestamp()) as cursor,
      case when ${since ?? null}::timestamptz > clock_timestamp() - interval '50 minutes'
        then greatest(${oldest}, coalesce(
          (select min(first_at) from flushes
            where stored_at > ${since ?? null}::timestamptz - ${OVERLAP}::interval),
          ${since ?? null}::timestamptz))
        else ${oldest} end as from`)
  if (!row) throw new Error('A query without a table answered no row.')
  return { cursor: isoOf(row.cursor), from: isoOf(row.from) }
}

const isoOf = (timestamp: string) => new Date(timestamp).toISOString()

// A target whose parameters changed has several runs; its series is their last results together.
function joinRuns(rows: { n: number; at: string[]; v: number[] }[], results: number): Series[] {
  const byTarget = new Map<number, Series>()
  for (const row of rows) {
    const series = byTarget.get(row.n) ?? { n: row.n, at: [], v: [] }
    series.at = [...series.at, ...row.at.map(Number)].slice(-results)
    series.v = [...series.v, ...row.v].slice(-results)
    byTarget.set(row.n, series)
  }
  return [...byTarget.values()]
}
