// How long to wait before trying again: doubling with jitter, bounded.

export type BackoffOptions = { firstMs: number; limitMs: number; random?: () => number }

export type Backoff = {
  /** The next delay in milliseconds, between half and all of a bound that doubles up to the limit. */
  nextMs(): number
  /** Call after a success: the next delay is the first again. */
  reset(): void
}

export function createBackoff({ firstMs, limitMs, random = Math.random }: BackoffOptions): Backoff {
  let attempts = 0
  return {
    nextMs() {
      const bound = Math.min(limitMs, firstMs * 2 ** Math.min(attempts, 30))
      attempts += 1
      return bound / 2 + (bound / 2) * random()
    },
    reset() {
      attempts = 0
    },
  }
}
