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

/** `n`: of these targets alone. */
export type Replay = {
  results: number
  ms: number
  since?: string | undefined
  n?: readonly number[] | undefined
}

/** One run's results, the newest first; times in ms after the reading's first. */
type RunRow = { n: number; since_from: number[]; v: number[] }

/** A flush may become visible later than one stored after it; this covers the difference. */
const OVERLAP = '10 seconds'
const LAST_FLUSH = sql`coalesce((select max(stored_at) from flushes), clock_timestamp())`

/**
 * The last `results` results of each target within the last `ms`, through its runs; with `since`
 * (an earlier cursor) only what was stored after it. Callers have checked the right to the group.
 */
export async function readRecent(db: Db, groupId: string, replay: Replay): Promise<Recent> {
  const { cursor, from } = await readBounds(db, replay)
  const rows = await byIndex(db, (tx) => readRuns(tx, groupId, { ...replay, from }))
  const series = joinRuns(rows, Date.parse(from), replay.results)
  return { cursor, completeFrom: completeFrom(series, from, replay.results), series }
}

/** Runs queries of samples that lean on their primary key. */
export function byIndex<Rows>(
  db: Db,
  read: (tx: Pick<Db, 'execute'>) => Promise<Rows>,
): Promise<Rows> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select ${INDEX_ONLY}`)
    return await read(tx)
  })
}

/**
 * Makes the rest of a transaction lean on indexes. Statistics lag behind a table that only grows: without
 * this the planner sorts every row of two hours where a backward scan of the last ones is enough.
 */
export const INDEX_ONLY = sql`(
  select count(set_config(name, 'off', true))
  from unnest(array['enable_bitmapscan', 'enable_seqscan', 'enable_sort']) as name)`

// Leans on the primary key (probe_id, at): one backward scan of at most `results` rows for each run.
// Times travel as offsets of four bytes: a bigint would come as text.
function readRuns(
  tx: Pick<Db, 'execute'>,
  groupId: string,
  { from, results, n }: Pick<Replay, 'results' | 'n'> & { from: string },
): Promise<RunRow[]> {
  const isAsked = n && sql`and t.n = any(${sql.param(n)}::int[])`
  return tx.execute<RunRow>(sql`
    select t.n, s.since_from, s.v
    from targets t
    join target_runs r on r.target_id = t.id
    cross join lateral (
      select array_agg((date_part('epoch', l.at - ${from}::timestamptz) * 1000)::int) as since_from,
        array_agg(l.rtt_us) as v
      from (
        select at, rtt_us from samples
        where probe_id = r.probe_id and at >= greatest(r.started_at, ${from}::timestamptz)
          and at < coalesce(r.ended_at, 'infinity')
        order by at desc limit ${results}
      ) l
    ) s
    where t.group_id = ${groupId} and t.deleted_at is null and s.v is not null ${isAsked}
      and (r.ended_at is null or r.ended_at > ${from}::timestamptz)
    order by t.n, r.started_at`)
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
  // Flushes are kept an hour: a `since` older than that, or to come, reads everything again.
  const [row] = await db.execute<{ cursor: string; from: string }>(sql`
    select ${LAST_FLUSH} as cursor,
      case when ${since ?? null}::timestamptz
          between clock_timestamp() - interval '50 minutes' and clock_timestamp()
        then greatest(${oldest}, coalesce(
          (select min(first_at) from flushes
            where stored_at > ${since ?? null}::timestamptz - ${OVERLAP}::interval),
          ${since ?? null}::timestamptz))
        else ${oldest} end as from`)
  if (!row) throw new Error('A query without a table answered no row.')
  return { cursor: isoOf(row.cursor), from: isoOf(row.from) }
}

/** What a reader who knows everything stored until now gives back to resume. */
export async function readCursor(db: Db): Promise<string> {
  const [row] = await db.execute<{ cursor: string }>(sql`select ${LAST_FLUSH} as cursor`)
  if (!row) throw new Error('A query without a table answered no row.')
  return isoOf(row.cursor)
}

const isoOf = (timestamp: string) => new Date(timestamp).toISOString()

// A target whose parameters changed has several runs; its series is their last results together.
function joinRuns(rows: RunRow[], fromMs: number, results: number): Series[] {
  const byTarget = new Map<number, Series>()
  for (const { n, since_from, v } of rows) {
    const at = since_from.map((ms) => fromMs + ms).reverse()
    const before = byTarget.get(n) ?? { n, at: [], v: [] }
    const series = { n, at: [...before.at, ...at], v: [...before.v, ...v.reverse()] }
    byTarget.set(n, { n, at: series.at.slice(-results), v: series.v.slice(-results) })
  }
  return [...byTarget.values()]
}
