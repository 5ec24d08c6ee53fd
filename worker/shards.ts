// Who pings what: 64 shards, each an advisory lock of one worker's session.
import { randomInt } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { countWorkers, LOCK_CLASS } from '#lib/db/locks.ts'
import type { Log } from '#lib/log.ts'

export const SHARDS = 64

/** The shard of a probe: spread by a multiplicative hash, for consecutive ids are added together. */
export function shardOf(probeId: number): number {
  return (Math.imul(probeId, 0x9e3779b1) >>> 0) % SHARDS
}

export type Shards = {
  holds(probeId: number): boolean
  /** The backend that holds the locks; a transaction on another one must store nothing. */
  backend(): number | undefined
  /** Takes what is free and gives back what is too much, so that every live worker has its share. */
  balance(): Promise<void>
  /** The session has ended, and with it every lock; the pings go on until others hold the shards. */
  lost(): void
  release(): Promise<void>
}

export type ShardsOptions = {
  /** On one connection only: the locks belong to its session. */
  session: Db
  log: Log
  onChange: () => void
}

export function createShards({ session, log, onChange }: ShardsOptions): Shards {
  const held = new Set<number>()
  let backend: number | undefined

  return { holds, backend: () => backend, balance, lost, release }

  function holds(probeId: number): boolean {
    return held.has(shardOf(probeId))
  }

  async function balance(): Promise<void> {
    const before = [...held].join()
    await enter()
    const share = Math.ceil(SHARDS / Math.max(1, await countWorkers(session)))
    if (held.size > share) await giveBack([...held].slice(share))
    if (held.size < share) await take(share - held.size)
    if ([...held].join() === before) return
    log.info({ shards: held.size }, 'the share of this worker has changed')
    onChange()
  }

  // A new session holds nothing yet: it asks first for what the last one had. The worker's own
  // lock tells the others, and readiness, that it lives.
  async function enter(): Promise<void> {
    const [row] = await session.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    if (!row || row.pid === backend) return
    const own = randomInt(2 ** 31 - 1)
    await session.execute(sql`select pg_advisory_lock(${LOCK_CLASS.worker}, ${own})`)
    for (const shard of [...held]) if (!(await tryTake(shard))) held.delete(shard)
    backend = row.pid
  }

  // Starts at a place of its own, so that workers arriving together do not ask for the same ones.
  async function take(count: number): Promise<void> {
    const first = randomInt(SHARDS)
    let missing = count
    for (let i = 0; i < SHARDS && missing > 0; i += 1) {
      const shard = (first + i) % SHARDS
      if (held.has(shard) || !(await tryTake(shard))) continue
      held.add(shard)
      missing -= 1
    }
  }

  async function tryTake(shard: number): Promise<boolean> {
    const [row] = await session.execute<{ taken: boolean }>(
      sql`select pg_try_advisory_lock(${LOCK_CLASS.shard}, ${shard}) as taken`,
    )
    return row?.taken === true
  }

  async function giveBack(shards: number[]): Promise<void> {
    for (const shard of shards) {
      held.delete(shard)
      await session.execute(sql`select pg_advisory_unlock(${LOCK_CLASS.shard}, ${shard})`)
    }
  }

  function lost(): void {
    backend = undefined
  }

  async function release(): Promise<void> {
    held.clear()
    backend = undefined
    await session.execute(sql`select pg_advisory_unlock_all()`)
  }
}
