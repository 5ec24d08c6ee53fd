// What the page shows of its live connection: the road, and whether its news is old.
import type { TransportName } from './live-transport.ts'
import { createWatched } from './watched.ts'

export type LiveStatus = {
  transport: TransportName | 'connecting' | 'offline'
  /** Nothing on the screen may be taken for the present. */
  isStale: boolean
}

export function createLiveStatus() {
  const first: LiveStatus = { transport: 'connecting', isStale: false }
  return createWatched(first, (a, b) => a.transport === b.transport && a.isStale === b.isStale)
}
