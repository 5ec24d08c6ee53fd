// Turns samples of hours that are over into cold blocks and summaries, hour by hour.
import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { BLOCK_SAMPLES } from './between.ts'
import { HOUR_MS, hotSince, LATE, listHotHours, partitionOf } from './hot-hours.ts'
import { storeSums, watchForLate } from './sum-hour.ts'
import { gatherHours } from './summing.ts'
import { inTurn } from './turn.ts'

const timeOf = (time: Date) => sql`${time.toISOString()}::timestamptz`
const isWithin = (at: SQL, hour: Date) =>
  sql`${at} >= ${timeOf(hour)} and ${at} < ${timeOf(hour)} + interval '1 hour'`

/** Where rows of a closed hour lie. */
type Heap = { hour: Date; table: string }

/** The closed hours since `from` that hold rows, the oldest first, and where those lie. */
export async function listClosedHours(db: Db, now: Date, from: Date): Promise<Heap[]> {
  const until = hotSince(now)
  const rows = await db.execute<{ hour: string }>(sql`
    select distinct date_trunc('hour', at, 'UTC') as hour from ${sql.identifier(LATE)}
    where at >= ${from.toISOString()} and at < ${until.toISOString()}`)
  const heaps = rows.map(({ hour }) => ({ hour: new Date(hour), table: LATE }))
  for (const { hour, isEmpty } of await listHotHours(db))
    if (hour < until && !isEmpty) heaps.push({ hour, table: partitionOf(hour) })
  return heaps.sort((a, b) => a.hour.getTime() - b.hour.getTime())
}

/**
 * Moves the rows of one closed hour into blocks and summaries; rows that come late join those that
 * are there. All or nothing: killed at any point, it has not begun. Does nothing while another
 * process is at it. Tells how many probes' hours were written.
 */
export async function compactHour(db: Db, heap: Heap): Promise<number> {
  const compact = (tx: Pick<Tx, 'execute'>) =>
    heap.table === LATE ? mergeLate(tx, heap) : emptyPartition(tx, heap)
  return (await inTurn(db, compact)) ?? 0
}

// To delete rows one by one would cost as much again as to store them: the partition is emptied
// whole, and until then nobody adds to it.
async function emptyPartition(tx: Pick<Tx, 'execute'>, heap: Heap): Promise<number> {
  const hours = await listHotHours(tx)
  if (!hours.some(({ hour }) => hour.getTime() === heap.hour.getTime())) return 0
  const table = sql.identifier(heap.table)
  await tx.execute(sql`lock table ${table} in share row exclusive mode`)
  const written = await store(tx, heap, {
    taking: sql`select probe_id, at, rtt_us from ${table}`,
    isTold: sql`true`,
    isUnsummed: sql`not ${hasMinutes(sql`h`)}`,
  })
  await tx.execute(sql`truncate ${table}`)
  await watchForLate(tx, heap.hour)
  return written
}

// An hour whose samples are forgotten, but not its minutes, cannot be told anew from late rows alone.
async function mergeLate(tx: Pick<Tx, 'execute'>, heap: Heap): Promise<number> {
  const table = sql.identifier(heap.table)
  await tx.execute(sql`lock table ${table} in share row exclusive mode`)
  return await store(tx, heap, {
    taking: sql`delete from ${table} where ${isWithin(sql`at`, heap.hour)}
      returning probe_id, at, rtt_us`,
    isTold: sql`(not ${hasMinutes(sql`h`)} or exists (
      select from sample_blocks b where b.probe_id = h.probe_id and b.hour = h.since))`,
    isUnsummed: sql`true`,
  })
}

const hasMinutes = (hour: SQL) => sql`exists (select from minute_summaries m
  where m.probe_id = ${hour}.probe_id and m.since = ${hour}.since)`

/** Where the rows come from, and of which hours `h` they are stored, and summed up. */
type Taking = { taking: SQL; isTold: SQL; isUnsummed: SQL }

async function store(tx: Pick<Tx, 'execute'>, heap: Heap, from: Taking): Promise<number> {
  const hour = timeOf(heap.hour)
  const [row] = await tx.execute<{ written: number }>(sql`
    with taken as (${from.taking}),
    known as materialized (
      select b.probe_id, s.at, s.rtt_us
      from sample_blocks b
      cross join lateral ${BLOCK_SAMPLES} s
      where b.hour = ${hour} and exists (
        select from ${sql.identifier(heap.table)} t
        where t.probe_id = b.probe_id and ${isWithin(sql`t.at`, heap.hour)})
    ), results as (
      select * from known
      union all
      select t.* from taken t
      where not exists (select from known k where k.probe_id = t.probe_id and k.at = t.at)
    ), hours as materialized (
      select * from ${gatherHours(sql`results`)} h where ${from.isTold}
    ), unsummed as materialized (select * from hours h where ${from.isUnsummed}),
    ${storeSums(sql`unsummed`)}, blocks as (${STORE_BLOCKS})
    select count(*)::int as written from hours`)
  return row?.written ?? 0
}

// So many results that their rhythm cannot be the probe's have one of their own.
const STORE_BLOCKS = sql`
  insert into sample_blocks (probe_id, hour, step_ms, drift_ms, rest_us, rtt_us)
  select probe_id, since, step_ms,
    (select array_agg(ms - i::int * step_ms order by i)
      from unnest(at_ms) with ordinality as u(ms, i)),
    case when 0 < any(rest_us) then rest_us end, v
  from (
    select *, case when cardinality(v)::bigint * interval_ms < ${2 * HOUR_MS}::bigint
      then interval_ms else ${HOUR_MS}::int / cardinality(v) end as step_ms
    from hours
  ) h
  on conflict (probe_id, hour) do update
  set step_ms = excluded.step_ms, drift_ms = excluded.drift_ms, rest_us = excluded.rest_us,
    rtt_us = excluded.rtt_us`
