// Does one thing again and again: never twice at once, and a failure never ends it.
import type { Log } from '#lib/log.ts'

export type Repetition = {
  /** Does not wait for its turn, unless it is at work already. */
  begin(): void
  /** Nothing begins any more; resolves when what is under way has ended. */
  close(): Promise<void>
}

/** Later than this, and the process was suspended. */
const STANDSTILL_MS = 1_000

/**
 * Begins at once, then every `everyMs`; what takes longer is waited for, and turns are left out. So
 * is the first after a standstill: timers come before sockets, and what was heard meanwhile, such
 * as the end of a session, has to be read before it is used.
 */
export function repeat(options: {
  everyMs: number
  work: () => Promise<void>
  log: Log
}): Repetition {
  const { everyMs, work, log } = options
  let running: Promise<void> | undefined
  let turnedMs = performance.now()
  begin()
  const timer = setInterval(turn, everyMs)

  return {
    begin,
    async close() {
      clearInterval(timer)
      await running
    },
  }

  function turn(): void {
    const nowMs = performance.now()
    const isLate = nowMs - turnedMs > everyMs + STANDSTILL_MS
    turnedMs = nowMs
    if (!isLate) begin()
  }

  function begin(): void {
    running ??= work()
      .catch((error: unknown) => log.error({ err: error }, 'a repeated work failed'))
      .finally(() => {
        running = undefined
      })
  }
}
