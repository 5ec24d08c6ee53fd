// One value and who watches it, as React's `useSyncExternalStore` wants them.

export type Watched<Value> = {
  value(): Value
  /** Calls back whenever the value has changed. Returns its undo. */
  subscribe(callback: () => void): () => void
  put(next: Value): void
}

export function createWatched<Value>(
  first: Value,
  isSame: (a: Value, b: Value) => boolean = Object.is,
): Watched<Value> {
  const subscribers = new Set<() => void>()
  let current = first

  return {
    value: () => current,
    subscribe(callback) {
      subscribers.add(callback)
      return () => subscribers.delete(callback)
    },
    put(next) {
      if (isSame(next, current)) return
      current = next
      for (const callback of subscribers) callback()
    },
  }
}
