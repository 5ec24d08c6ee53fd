// Worker processes on one database: started, killed, frozen, woken, their shards counted.
import { type ChildProcess, spawn } from 'node:child_process'
import { childEnvironment } from '#lib/config.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'
import type { TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

export type FleetWorker = {
  signal(signal: NodeJS.Signals): void
  ended: Promise<void>
}

export type Fleet = {
  start(): FleetWorker
  /** How many shards each session holds, most first; a worker without any counts too. */
  shares(): Promise<number[]>
  /** Waits for these shares; gives how long that took, in ms. */
  awaitShares(shares: number[], limitMs: number): Promise<number>
  /** Ends every worker that still runs. */
  close(): Promise<void>
}

export function createFleet(database: TestDatabase, settings: Record<string, string> = {}): Fleet {
  const workers: FleetWorker[] = []
  return {
    start() {
      const worker = spawnWorker(database.url, settings)
      workers.push(worker)
      return worker
    },
    shares,
    async awaitShares(wanted, limitMs) {
      const startedMs = performance.now()
      let seen: number[] = []
      const isShared = async () => {
        seen = await shares()
        return seen.join() === wanted.join()
      }
      await until(isShared, limitMs).catch(() => {
        throw new Error(`Shards after ${limitMs} ms: ${seen.join()}, not ${wanted.join()}.`)
      })
      return performance.now() - startedMs
    },
    async close() {
      for (const worker of workers) worker.signal('SIGKILL')
      await Promise.all(workers.map(({ ended }) => ended))
    },
  }

  async function shares(): Promise<number[]> {
    const rows = await database.sql<{ shards: number }[]>`
      select count(*) filter (where classid = ${LOCK_CLASS.shard})::int as shards from pg_locks
      where locktype = 'advisory' and granted
        and classid in (${LOCK_CLASS.shard}, ${LOCK_CLASS.worker})
        and database = (select oid from pg_database where datname = current_database())
      group by pid order by shards desc`
    return rows.map(({ shards }) => shards)
  }
}

// As the launcher does, it starts a worker anew that has ended by a fault of its own.
function spawnWorker(url: string, settings: Record<string, string>): FleetWorker {
  let child: ChildProcess
  const ended = new Promise<void>((resolve) => spawnOnce(resolve))
  return { signal: (signal) => void child.kill(signal), ended }

  function spawnOnce(onEnd: () => void): void {
    child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
      env: childEnvironment({ DATABASE_URL: url, BASE_URL: '', LOG_LEVEL: 'silent', ...settings }),
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('close', (code) => {
      if (code) spawnOnce(onEnd)
      else onEnd()
    })
  }
}
