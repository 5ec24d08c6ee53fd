// Does one thing again and again: never twice at once, and a failure never ends it.
import type { Log } from '#lib/log.ts'

export type Repetition = {
  /** Nothing begins any more; resolves when what is under way has ended. */
  close(): Promise<void>
}

/** Begins at once, then every `everyMs`; what takes longer is waited for, and turns are left out. */
export function repeat(options: {
  everyMs: number
  work: () => Promise<void>
  log: Log
}): Repetition {
  const { everyMs, work, log } = options
  let running: Promise<void> | undefined
  begin()
  const timer = setInterval(begin, everyMs)

  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }

  function begin(): void {
    running ??= work()
      .catch((error: unknown) => log.error({ err: error }, 'a repeated work failed'))
      .finally(() => {
        running = undefined
      })
  }
}
