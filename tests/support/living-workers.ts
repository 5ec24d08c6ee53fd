// Sessions that count as living workers, for tests of what a worker says of itself.
import { sql } from 'drizzle-orm'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'

export type LivingWorkers = {
  /** One more; gives its backend. */
  enter(): Promise<number>
  /** The latest one dies. */
  leave(): Promise<void>
  close(): Promise<void>
}

export function createLivingWorkers(url: string): LivingWorkers {
  const sessions: Database[] = []

  return {
    async enter() {
      const session = openDatabase({ url, name: 'a worker', connections: 1 })
      sessions.push(session)
      const [row] = await session.db.execute<{ pid: number }>(sql`
        select pg_backend_pid() as pid, pg_advisory_lock(${LOCK_CLASS.worker}, pg_backend_pid())`)
      return row?.pid ?? 0
    },
    async leave() {
      await sessions.pop()?.close()
    },
    async close() {
      for (const session of sessions.splice(0)) await session.close()
    },
  }
}
