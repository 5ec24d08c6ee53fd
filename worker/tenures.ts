// When this worker held which shard: an echo counts where its shard was held as it left.

/** A tenure that goes on has no end; all times are steady ms. */
type Tenure = { fromMs: number; untilMs: number }

export type Tenures = {
  /** The keys held now. */
  held(): number[]
  holds(key: number): boolean
  begin(key: number, nowMs: number): void
  end(key: number, untilMs: number): void
  /** Whether the key was held at that moment; ended tenures are remembered for two minutes. */
  covers(key: number, atMs: number): boolean
}

/** Longer than any result waits to be stored. */
const REMEMBERED_MS = 120_000

export function createTenures(): Tenures {
  const running = new Map<number, number>()
  const ended = new Map<number, Tenure[]>()

  return {
    held: () => [...running.keys()],
    holds: (key) => running.has(key),
    begin(key, nowMs) {
      if (!running.has(key)) running.set(key, nowMs)
    },
    end(key, untilMs) {
      const fromMs = running.get(key)
      if (fromMs === undefined) return
      running.delete(key)
      const former = (ended.get(key) ?? []).filter((t) => t.untilMs > untilMs - REMEMBERED_MS)
      ended.set(key, [...former, { fromMs, untilMs }])
    },
    covers(key, atMs) {
      const fromMs = running.get(key)
      if (fromMs !== undefined && atMs >= fromMs) return true
      return ended.get(key)?.some((t) => t.fromMs <= atMs && atMs <= t.untilMs) ?? false
    },
  }
}
