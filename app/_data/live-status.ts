// What the page shows of its live connection: the road, and whether its news is old.
import type { TransportName } from './live-transport.ts'

export type LiveStatus = {
  transport: TransportName | 'connecting' | 'offline'
  /** Nothing on the screen may be taken for the present. */
  isStale: boolean
}

export type LiveStatusStore = {
  status(): LiveStatus
  subscribe(callback: () => void): () => void
  /** Tells subscribers when something has changed. */
  publish(next: LiveStatus): void
}

export function createLiveStatus(): LiveStatusStore {
  const subscribers = new Set<() => void>()
  let status: LiveStatus = { transport: 'connecting', isStale: false }

  return {
    status: () => status,
    subscribe(callback) {
      subscribers.add(callback)
      return () => subscribers.delete(callback)
    },
    publish(next) {
      if (next.transport === status.transport && next.isStale === status.isStale) return
      status = next
      for (const callback of subscribers) callback()
    },
  }
}
