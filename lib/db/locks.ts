// The advisory locks of the installation: their classes, and who holds them.
import { sql } from 'drizzle-orm'
import type { Db } from './client.ts'

/** First keys of two-key advisory locks; the second is the shard, a worker's backend, or 0. */
export const LOCK_CLASS = {
  shard: 0x4557_0001,
  worker: 0x4557_0002,
  limits: 0x4557_0003,
  migration: 0x4557_0004,
  partitions: 0x4557_0005,
  compaction: 0x4557_0006,
  storage: 0x4557_0007,
} as const

/** A worker speaks every second: one that keeps PostgreSQL waiting for so long is frozen or cut off. */
const SILENCE_SECONDS = 4

// Each worker holds a lock of its own for as long as its session lasts. The wait may be one within
// a statement, where none of PostgreSQL's own timeouts for idle sessions would see it.
const WORKERS = sql`pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.classid = ${LOCK_CLASS.worker}
    and l.database = (select oid from pg_database where datname = current_database())`
const IS_SILENT = sql`(a.wait_event in ('ClientRead', 'ClientWrite')
  and a.state_change < clock_timestamp() - ${SILENCE_SECONDS} * interval '1 s')`

/** The backends of the worker processes that live, in order. */
export async function listWorkers(db: Db): Promise<number[]> {
  const rows = await db.execute<{ pid: number }>(sql`
    select a.pid from ${WORKERS} and not ${IS_SILENT} order by a.pid`)
  return rows.map(({ pid }) => pid)
}

/** Ends the sessions of workers that fell silent, and so frees the shards that they held. */
export async function endSilentWorkers(db: Db): Promise<void> {
  await db.execute(sql`
    select pg_terminate_backend(a.pid) from ${WORKERS} and ${IS_SILENT}`)
}
