// Which road to take next: WebSocket first, then SSE, then polling, and back again.
import { createBackoff } from '#lib/backoff.ts'
import type { TransportName } from './live-transport.ts'

/** A road that fails so often before its first frame is left for the next one. */
const OPENINGS_BEFORE_FALLBACK = 2
/** On a lesser road the first attempt at a WebSocket comes after this, later ones ever more rarely. */
const RETURN = { firstMs: 8_000, limitMs: 300_000 }
/** A restart takes seconds: who has waited for it should not wait as long again. */
const RECONNECT = { firstMs: 250, limitMs: 4_000 }

const NEXT_ROAD = { websocket: 'sse', sse: 'polling', polling: 'websocket' } as const

export type LiveRoads = {
  current(): TransportName
  /** The road carried a frame. */
  opened(): void
  /** The road ended, having carried a frame or not. Returns how long to wait, in ms. */
  ended(hadOpened: boolean, afterMs?: number): number
  /** How long to stay on a lesser road before trying a WebSocket beside it; undefined for ever. */
  returnAfterMs(): number | undefined
  /** A WebSocket tried beside the lesser road works: it is the road now. */
  returned(): void
  /** The network came back: try again at once, on the road that last worked. */
  restart(): void
}

/** `only` is the one road to take, whatever happens to it. */
export function createLiveRoads(
  random: () => number = Math.random,
  only?: TransportName,
): LiveRoads {
  const reconnect = createBackoff({ ...RECONNECT, random })
  const comeBack = createBackoff({ ...RETURN, random })
  let road: TransportName = 'websocket'
  let lastOpened: TransportName = road
  let failedOpenings = 0

  return {
    current: () => only ?? road,
    opened() {
      lastOpened = road
      failedOpenings = 0
      reconnect.reset()
      if (road === 'websocket') comeBack.reset()
    },
    ended(hadOpened, afterMs = 0) {
      if (!hadOpened) failOpening()
      // Where the server names a delay, everybody would otherwise come at the same moment.
      return afterMs * (1 + random() / 2) + reconnect.nextMs()
    },
    returnAfterMs: () => (only ? undefined : comeBack.nextMs()),
    returned() {
      road = lastOpened = 'websocket'
      failedOpenings = 0
      comeBack.reset()
    },
    restart() {
      road = lastOpened
      failedOpenings = 0
      reconnect.reset()
      comeBack.reset()
    },
  }

  // Where not even polling is answered the server is away, and no road is to blame.
  function failOpening(): void {
    failedOpenings += 1
    const limit = road === 'polling' ? 1 : OPENINGS_BEFORE_FALLBACK
    if (failedOpenings < limit) return
    road = NEXT_ROAD[road]
    failedOpenings = 0
  }
}
