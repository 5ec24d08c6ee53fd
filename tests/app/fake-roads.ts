// Roads under a test's hand: it reads what was sent on them and says what they say.
import { vi } from 'vitest'
import type { ClientFrame } from '#lib/live/protocol.ts'
import { noSamples } from '#lib/samples/contract.ts'
import { createLiveConnection } from '../../app/_data/live-connection.ts'
import type { TransportEvents, TransportName } from '../../app/_data/live-transport.ts'

export const TOPIC = 'group:0195f000-0000-7000-8000-000000000001'

export type TestRoad = TransportEvents & {
  name: TransportName
  sent: ClientFrame[]
  isClosed: boolean
}

/** A live connection on such roads; needs fake timers. */
export function openOnFakeRoads() {
  const roads: TestRoad[] = []
  const forbidden = new Set<TransportName>()
  const signedOut = vi.fn()
  const told = vi.fn()

  const open = (name: TransportName) => (events: TransportEvents) => {
    if (forbidden.has(name)) throw new TypeError(`${name} is not there`)
    const road: TestRoad = { ...events, name, sent: [], isClosed: false }
    roads.push(road)
    return {
      send: (frame: ClientFrame) => void road.sent.push(frame),
      close() {
        if (road.isClosed) return
        road.isClosed = true
        events.onClose()
      },
    }
  }
  const connection = createLiveConnection({
    roads: { websocket: open('websocket'), sse: open('sse'), polling: open('polling') },
    onFrame: told,
    onSignedOut: signedOut,
    random: () => 0.5,
  })

  const last = () => {
    const road = roads.at(-1)
    if (!road) throw new Error('No road was taken.')
    return road
  }
  const say = (frame: object, road = last()) => road.onFrame(JSON.stringify(frame))
  const nextRoad = async () => {
    const before = roads.length
    while (roads.length === before) await vi.advanceTimersByTimeAsync(100)
  }
  return {
    connection,
    roads,
    forbidden,
    signedOut,
    /** What the rest of the page gets. */
    told,
    last,
    say,
    /** Waits until one more road is tried. */
    nextRoad,
    tick: () => say({ type: 'tick', now: new Date().toISOString() }),
    welcome: (road = last()) =>
      say(
        {
          type: 'welcome',
          connection: 'live.1',
          protocol: 'echowall.v1',
          heartbeat_seconds: 20,
          now: new Date().toISOString(),
        },
        road,
      ),
    snapshot(cursor: string, more = false) {
      const facts = { topic: TOPIC, at: cursor, cursor, complete_from: cursor }
      say({ type: 'snapshot', ...facts, more, samples: noSamples(0) })
    },
    /** The roads of now and of what follows end before their first frame, so many times. */
    async failOpenings(count: number) {
      for (let i = 0; i < count; i += 1) {
        last().onClose(1006)
        await nextRoad()
      }
    },
  }
}
