// Keeps a part running: what ends is started again, ever more slowly while it fails.
import { setTimeout as pause } from 'node:timers/promises'
import { createBackoff } from '#lib/backoff.ts'
import type { Log } from '#lib/log.ts'

export type Part = {
  /** Resolves with the reason once the part is gone. */
  readonly exited: Promise<string>
  close(): Promise<void>
}

export type Supervised = { name: string; start: () => Part | Promise<Part>; log: Log }

/** A part that ran this long was sound: its next failure is again the first. */
const SOUND_MS = 30_000

/** Starts the part (the first start may throw) and keeps it running until `close`. */
export async function keepRunning({
  name,
  start,
  log,
}: Supervised): Promise<{ close(): Promise<void> }> {
  const stopping = new AbortController()
  const backoff = createBackoff({ firstMs: 200, limitMs: 10_000 })
  let part = await start()
  const watching = watch()

  return {
    async close() {
      stopping.abort()
      await part.close()
      await watching
    },
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      const reason = await part.exited
      if (stopping.signal.aborted) return
      if (performance.now() - startedAt > SOUND_MS) backoff.reset()
      log.warn({ part: name, reason }, 'a part ended and is started again')
      await pause(backoff.nextMs(), undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      part = await startAgain()
    }
    // It was starting when the end came.
    await part.close()
  }

  async function startAgain(): Promise<Part> {
    try {
      return await start()
    } catch (error) {
      return { exited: Promise.resolve(String(error)), close: async () => {} }
    }
  }
}
