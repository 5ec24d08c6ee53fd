// The database's clock, told from the steady one: when, by PostgreSQL, an echo left.
import type { Clock } from '#lib/clock.ts'

/** A reading older than this gives way to any newer one: clocks drift apart. */
const TRUSTED_MS = 60_000

export type DatabaseClock = {
  /** Takes a reading: the database said `databaseMs` between two moments of the steady clock. */
  read(databaseMs: number, beforeSteadyMs: number, afterSteadyMs: number): void
  /** The database's time, in whole ms since 1970, at a moment of the steady clock. */
  toDatabaseMs(steadyMs: number): number
}

/** Starts from this machine's own wall clock; each reading with a shorter round trip replaces the last. */
export function createDatabaseClock(clock: Clock): DatabaseClock {
  let offsetMs = clock.wallMs() - clock.steadyMs()
  let uncertaintyMs = Number.POSITIVE_INFINITY
  let readAtMs = Number.NEGATIVE_INFINITY

  return {
    read(databaseMs, beforeSteadyMs, afterSteadyMs) {
      const uncertainty = (afterSteadyMs - beforeSteadyMs) / 2
      const seen = databaseMs - (beforeSteadyMs + afterSteadyMs) / 2
      const isOld = afterSteadyMs - readAtMs > TRUSTED_MS
      // Further off than both readings allow: one of the clocks was set.
      const wasSet = Math.abs(seen - offsetMs) > uncertainty + uncertaintyMs + 1
      if (uncertainty > uncertaintyMs && !isOld && !wasSet) return
      offsetMs = seen
      uncertaintyMs = uncertainty
      readAtMs = afterSteadyMs
    },
    toDatabaseMs: (steadyMs) => Math.round(steadyMs + offsetMs),
  }
}
