// How the launcher ends: parts close in reverse order; a second Ctrl-C does not wait.

export type Stopping = {
  /** Aborted as soon as the end has begun. */
  readonly signal: AbortSignal
  /** Registers a part; it is closed before everything that was registered earlier. */
  onClose(close: () => void | Promise<void>): void
  /** Closes all parts and ends the process; the first code given wins. */
  end(code: number): Promise<void>
}

const LIMIT_MS = 9_500
/** npm passes on the Ctrl-C that the terminal already sent to us: within this time it is the same one. */
const SAME_SIGNAL_MS = 1_000

/** Ends with 0 on SIGINT, SIGTERM and SIGHUP, with 1 on an error that nobody caught. */
export function createStopping(): Stopping {
  const parts: (() => void | Promise<void>)[] = []
  const stopping = new AbortController()
  let ending: Promise<void> | undefined
  let firstSignalAt: number | undefined

  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal)
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUncaught)

  return {
    signal: stopping.signal,
    onClose: (close) => void parts.push(close),
    end,
  }

  function onSignal(): void {
    const now = performance.now()
    firstSignalAt ??= now
    // Whatever still runs is killed by its own exit handler.
    if (now - firstSignalAt > SAME_SIGNAL_MS) process.exit(1)
    void end(0)
  }

  function onUncaught(error: unknown): void {
    console.error(error)
    void end(1)
  }

  function end(code: number): Promise<void> {
    ending ??= closeAndExit(code)
    return ending
  }

  async function closeAndExit(code: number): Promise<void> {
    stopping.abort()
    setTimeout(() => process.exit(1), LIMIT_MS)
    for (const close of parts.reverse()) {
      try {
        await close()
      } catch (error) {
        console.error(error)
      }
    }
    process.exit(code)
  }
}
