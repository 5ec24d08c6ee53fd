// Who pings what: 64 shards, each an advisory lock of one worker's session.
import { randomInt } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { Gauge } from 'prom-client'
import type { Clock } from '#lib/clock.ts'
import type { Db } from '#lib/db/client.ts'
import { endSilentWorkers, LOCK_CLASS, listWorkers } from '#lib/db/locks.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createTenures } from './tenures.ts'

export const SHARDS = 64
/** After an interruption the others may need so long to come back for the shards they had. */
const PATIENCE_MS = 5_000

const shardsHeld = new Gauge({
  name: 'echowall_shards_held',
  help: 'Shards whose probes this worker pings, of 64.',
  registers: [registry],
})

/** The shard of a probe: spread by a multiplicative hash, for consecutive ids are added together. */
export function shardOf(probeId: number): number {
  return (Math.imul(probeId, 0x9e3779b1) >>> 0) % SHARDS
}

export type Shards = {
  holds(probeId: number): boolean
  /**
   * Whether this worker alone was to ping the probe at that moment. What it measured while it held
   * the shard is kept after handing it on; what a frozen worker sends on waking is not.
   */
  held(probeId: number, steadyMs: number): boolean
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
  clock: Clock
  log: Log
  onChange: () => void
}

export function createShards({ session, clock, log, onChange }: ShardsOptions): Shards {
  const tenures = createTenures()
  let backend: number | undefined
  /** Until when every lock was surely held. */
  let confirmedMs = Number.NEGATIVE_INFINITY
  let workers = 0
  let patientUntilMs = Number.NEGATIVE_INFINITY

  return {
    holds: (probeId) => tenures.holds(shardOf(probeId)),
    held: (probeId, steadyMs) => tenures.covers(shardOf(probeId), steadyMs),
    backend: () => backend,
    balance,
    lost,
    release,
  }

  async function balance(): Promise<void> {
    const before = tenures.held().join()
    const own = await enter()
    await endSilentWorkers(session)
    const present = await listWorkers(session)
    const isPatient = isAwaitingOthers(present.length)
    const missing = shareOf(own, present) - tenures.held().length
    if (missing < 0) await giveBack(tenures.held().slice(missing))
    if (missing > 0 && !isPatient) await take(missing)
    shardsHeld.set(tenures.held().length)
    if (tenures.held().join() === before) return
    log.info({ shards: tenures.held().length }, 'the share of this worker has changed')
    onChange()
  }

  // A new session holds nothing yet: it asks first for what the last one had, and only then for
  // the lock that tells the others, and readiness, that this worker lives. They give back shards
  // only after that, so what is free before was measured by nobody else.
  async function enter(): Promise<number> {
    const nowMs = clock.steadyMs()
    const [row] = await session.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    if (!row) throw new Error('PostgreSQL did not say which backend this is.')
    if (row.pid !== backend) {
      // A session lost while it was balancing has locks already; each must be held once only.
      await session.execute(sql`select pg_advisory_unlock_all()`)
      for (const shard of tenures.held())
        if (!(await tryTake(shard))) tenures.end(shard, confirmedMs)
      await session.execute(sql`select pg_advisory_lock(${LOCK_CLASS.worker}, ${row.pid})`)
      patientUntilMs = nowMs + PATIENCE_MS
      backend = row.pid
    }
    confirmedMs = nowMs
    return row.pid
  }

  // PostgreSQL was away, and the others' buffered results count only if they get their shards back.
  function isAwaitingOthers(present: number): boolean {
    if (present < workers && clock.steadyMs() < patientUntilMs) return true
    workers = present
    return false
  }

  // Starts at a place of its own, so that workers arriving together do not ask for the same ones.
  async function take(count: number): Promise<void> {
    const first = randomInt(SHARDS)
    let missing = count
    for (let i = 0; i < SHARDS && missing > 0; i += 1) {
      const shard = (first + i) % SHARDS
      if (tenures.holds(shard) || !(await tryTake(shard))) continue
      tenures.begin(shard, clock.steadyMs())
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
      tenures.end(shard, clock.steadyMs())
      await session.execute(sql`select pg_advisory_unlock(${LOCK_CLASS.shard}, ${shard})`)
    }
  }

  function lost(): void {
    backend = undefined
  }

  async function release(): Promise<void> {
    for (const shard of tenures.held()) tenures.end(shard, clock.steadyMs())
    backend = undefined
    await session.execute(sql`select pg_advisory_unlock_all()`)
  }
}

// The first workers in order have one shard more where they cannot be divided evenly.
function shareOf(own: number, present: number[]): number {
  const rest = SHARDS % present.length
  return Math.floor(SHARDS / present.length) + (present.indexOf(own) < rest ? 1 : 0)
}
