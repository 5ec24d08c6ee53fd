// Turns samples of hours that are over into cold blocks and summaries, hour by hour.
import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'
import { BLOCK_SAMPLES } from './between.ts'
import { HOUR_MS, hotSince, LATE, listHotHours, partitionOf } from './hot-hours.ts'
import { HOURS, MINUTES, SUMMARY, storePacks, unpack } from './packs.ts'
import { gatherHours, sumUp } from './summing.ts'

const DAY_MS = 24 * HOUR_MS
/** The sort of an hour; more than this goes by way of the disk. */
const WORK_MEMORY = '64MB'
/** For readers of a closed hour's rows to end; afterwards we come again in a minute. */
const LOCK_LIMIT = '2s'

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
 * process works at the same day. Tells how many probes' hours were written.
 */
export async function compactHour(db: Db, heap: Heap): Promise<number> {
  return await db.transaction(async (tx) => {
    // Not an hour each: the hours of a day are packed together.
    const day = Math.floor(heap.hour.getTime() / DAY_MS)
    const [lock] = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(${LOCK_CLASS.compaction}, ${day}) as mine`,
    )
    if (!lock?.mine) return 0
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_LIMIT}'`))
    await tx.execute(sql.raw(`set local work_mem = '${WORK_MEMORY}'`))
    if (heap.table === LATE) return await store(tx, heap, takeLate(heap))
    return await emptyPartition(tx, heap)
  })
}

// To delete rows one by one would cost as much again as to store them: the partition is emptied
// whole, and until then nobody adds to it.
async function emptyPartition(tx: Pick<Tx, 'execute'>, heap: Heap): Promise<number> {
  const hours = await listHotHours(tx)
  if (!hours.some(({ hour }) => hour.getTime() === heap.hour.getTime())) return 0
  const table = sql.identifier(heap.table)
  await tx.execute(sql`lock table ${table} in share row exclusive mode`)
  const written = await store(tx, heap, sql`select probe_id, at, rtt_us from ${table}`)
  await tx.execute(sql`truncate ${table}`)
  await tx.execute(sql`
    create or replace trigger skip_known before insert on ${table}
    for each row execute function skip_known_sample()`)
  return written
}

function takeLate({ hour, table }: Heap): SQL {
  return sql`delete from ${sql.identifier(table)} where ${isWithin(sql`at`, hour)}
    returning probe_id, at, rtt_us`
}

async function store(tx: Pick<Tx, 'execute'>, heap: Heap, taking: SQL): Promise<number> {
  const hour = timeOf(heap.hour)
  const hours = sql`hours`
  const [row] = await tx.execute<{ written: number }>(sql`
    with taken as (${taking}),
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
    ), hours as materialized ${gatherHours(sql`results`)},
    blocks as (${STORE_BLOCKS}),
    minutes as (${storePacks(MINUTES, sumUp({ hours, slotMs: MINUTES.slotMs }))}),
    days as (${storePacks(
      HOURS,
      sql`(
      select ${SUMMARY} from ${sumUp({ hours, slotMs: HOURS.slotMs })} s
      union all
      select ${SUMMARY} from ${otherHours(hour)} s
    )`,
    )})
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

// What the day's packs hold already.
const otherHours = (hour: SQL) => sql`(
  select * from ${unpack(
    HOURS,
    sql`p.since = date_bin('1 day', ${hour}, 'epoch')
      and exists (select from hours h where h.probe_id = p.probe_id)`,
  )} s where at <> ${hour}
)`
