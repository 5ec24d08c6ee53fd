// Hands values to one listener, keeping the few that come before it listens.
const MAX_WAITING = 20

export type Notice<Value> = {
  give(value: Value): void
  /** Takes what has waited and whatever comes. Returns its undo. */
  take(listener: (value: Value) => void): () => void
  /** Whether anything was ever given. */
  wasUsed(): boolean
  onFirst(callback: () => void): () => void
}

export function createNotice<Value>(): Notice<Value> {
  const waiting: Value[] = []
  const firsts = new Set<() => void>()
  let listener: ((value: Value) => void) | undefined
  let isUsed = false

  return {
    give(value) {
      isUsed = true
      if (listener) listener(value)
      else if (waiting.push(value) > MAX_WAITING) waiting.shift()
      for (const callback of firsts) callback()
    },
    take(next) {
      listener = next
      for (const value of waiting.splice(0)) next(value)
      return () => {
        if (listener === next) listener = undefined
      }
    },
    wasUsed: () => isUsed,
    onFirst(callback) {
      firsts.add(callback)
      return () => firsts.delete(callback)
    },
  }
}
