// A value that comes only once the page runs, and who waits for it.

export type LateValue<Value> = {
  /** Undefined until it is there. */
  value(): Value | undefined
  /** Calls back when it has come. Returns its undo. */
  subscribe(callback: () => void): () => void
  put(next: Value): void
}

export function createLateValue<Value>(): LateValue<Value> {
  const subscribers = new Set<() => void>()
  let current: Value | undefined

  return {
    value: () => current,
    subscribe(callback) {
      subscribers.add(callback)
      return () => subscribers.delete(callback)
    },
    put(next) {
      current = next
      for (const callback of subscribers) callback()
    },
  }
}
