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
} as const

/**
 * The backends of the worker processes that live, in order: each holds a lock of its own for as
 * long as its session lasts.
 */
export async function listWorkers(db: Db): Promise<number[]> {
  const rows = await db.execute<{ pid: number }>(sql`
    select pid from pg_locks
    where locktype = 'advisory' and granted and classid = ${LOCK_CLASS.worker}
      and database = (select oid from pg_database where datname = current_database())
    order by pid`)
  return rows.map(({ pid }) => pid)
}
