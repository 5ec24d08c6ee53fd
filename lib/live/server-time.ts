// The time that frames tell: the database's, as that of samples, not this machine's.
import { sql } from 'drizzle-orm'
import { systemClock as clock } from '#lib/clock.ts'
import type { Db } from '#lib/db/client.ts'
import { createDatabaseClock } from '#lib/db/database-clock.ts'
import type { Log } from '#lib/log.ts'

const PERIOD_MS = 30_000

export type ServerTime = {
  /** ISO 8601 in UTC. */
  now(): string
  nowMs(): number
  close(): void
}

/** Resolves with the first reading; later ones follow clocks that drift or are set. */
export async function openServerTime({ db, log }: { db: Db; log: Log }): Promise<ServerTime> {
  const databaseClock = createDatabaseClock(clock)
  await read()
  const timer = setInterval(() => void read(), PERIOD_MS).unref()
  return {
    now: () => new Date(nowMs()).toISOString(),
    nowMs,
    close: () => clearInterval(timer),
  }

  function nowMs(): number {
    return databaseClock.toDatabaseMs(clock.steadyMs())
  }

  async function read(): Promise<void> {
    const beforeMs = clock.steadyMs()
    try {
      const [row] = await db.execute<{ ms: number }>(
        sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
      )
      if (row) databaseClock.read(row.ms, beforeMs, clock.steadyMs())
    } catch (error) {
      log.warn({ err: error }, "the database's clock could not be read")
    }
  }
}
