// A process that dies politely: parts close in reverse order, within a grace period.
import { SetUpFault } from './errors.ts'
import type { Log } from './log.ts'

export type Lifecycle = {
  /** Registers a part; it is closed before everything that was registered earlier. */
  onClose(name: string, close: () => void | Promise<void>): void
  /** Closes every part once; later calls wait for the same close. */
  close(): Promise<void>
}

const GRACE_MS = 8_000

/** Closes on SIGTERM and SIGINT (exit 0) and on an uncaught exception (exit 1). */
export function createLifecycle(log: Log): Lifecycle {
  const parts: { name: string; close: () => void | Promise<void> }[] = []
  let closing: Promise<void> | undefined

  process.once('SIGTERM', () => void exit(0))
  process.once('SIGINT', () => void exit(0))
  process.once('uncaughtException', (error) => fail(error))
  process.once('unhandledRejection', (error) => fail(error))

  return {
    onClose(name, close) {
      parts.push({ name, close })
    },
    close,
  }

  function close(): Promise<void> {
    closing ??= closeParts()
    return closing
  }

  async function closeParts(): Promise<void> {
    for (const part of parts.reverse()) {
      try {
        await part.close()
      } catch (error) {
        log.error({ err: error, part: part.name }, 'a part failed to close')
      }
    }
  }

  function fail(error: unknown): void {
    if (error instanceof SetUpFault) log.error(error.message)
    else log.error({ err: error }, 'an unexpected error ends the process')
    void exit(1)
  }

  async function exit(code: number): Promise<void> {
    setTimeout(() => process.exit(code || 1), GRACE_MS).unref()
    await close()
    process.exit(code)
  }
}
