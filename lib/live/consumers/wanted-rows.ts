// The targets whose recent results a reader asked for: answered in turn, each once.
import { setTimeout as sleep } from 'node:timers/promises'
import { createBackoff } from '#lib/backoff.ts'
import { AppError } from '#lib/errors.ts'
import type { Log } from '#lib/log.ts'
import { MAX_REPLAYED } from '../protocol.ts'

/** More than any screen shows; who asks on without waiting is let go. */
const MAX_WANTED = 2_000

export type WantedRows = {
  /** Throws `invalid` when too many wait. */
  add(n: readonly number[]): void
  /** Sends what is wanted, unless that is under way. */
  answer(): void
}

export type WantedRowsOptions = {
  /** False when it could not all be sent now: it stays wanted. */
  send: (n: readonly number[]) => Promise<boolean>
  /** After each answer: look what is to be done next. */
  onIdle: () => void
  log: Log
  onFault: (error: unknown) => void
}

export function createWantedRows({ send, onIdle, log, onFault }: WantedRowsOptions): WantedRows {
  const backoff = createBackoff({ firstMs: 200, limitMs: 2_000 })
  const wanted = new Set<number>()
  let isAnswering = false

  return {
    add(n) {
      for (const one of n) wanted.add(one)
      if (wanted.size <= MAX_WANTED) return
      throw new AppError('invalid', 'Too many targets are asked for at once.')
    },
    answer() {
      if (!isAnswering && wanted.size > 0) void answerSome().catch(onFault)
    },
  }

  async function answerSome(): Promise<void> {
    isAnswering = true
    // In order, so that readers of the same rows share one reading.
    const n = [...wanted].slice(0, MAX_REPLAYED).sort((a, b) => a - b)
    try {
      if (await send(n)) for (const one of n) wanted.delete(one)
      backoff.reset()
    } catch (error) {
      log.warn({ err: error }, 'results that were asked for could not be read')
      await sleep(backoff.nextMs(), undefined, { ref: false })
    }
    isAnswering = false
    onIdle()
  }
}
