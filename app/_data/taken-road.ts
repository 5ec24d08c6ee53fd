// One attempt at a road: its transport, whether it has carried a frame, and its end.
import type { ServerFrame } from '#lib/live/protocol.ts'
import { readFrame } from './frames.ts'
import { type OpenTransport, once, type Transport, type TransportName } from './live-transport.ts'

/** A road that has not carried a first frame by then does not work. */
const OPENING_MS = 5_000

export type Road = {
  readonly name: TransportName
  transport: Transport
  hasOpened: boolean
  /** How long the server asked us to stay away when it said good-bye. */
  afterMs: number
}

export type RoadEvents = {
  /** Undefined for a frame this page does not know. */
  onFrame(road: Road, frame: ServerFrame | undefined): void
  onAlive(road: Road): void
  /** Once, with the close code where the transport has one, and never before `takeRoad` returns. */
  onEnd(road: Road, code: number | undefined): void
}

export function takeRoad(name: TransportName, open: OpenTransport, events: RoadEvents): Road {
  const idle: Transport = { send() {}, close() {} }
  const road: Road = { name, transport: idle, hasOpened: false, afterMs: 0 }
  const late = setTimeout(() => !road.hasOpened && road.transport.close(), OPENING_MS)
  const onClose = once((code?: number) => {
    clearTimeout(late)
    events.onEnd(road, code)
  })
  try {
    road.transport = open({
      onFrame: (text) => events.onFrame(road, readFrame(text)),
      onAlive: () => events.onAlive(road),
      onClose,
    })
  } catch {
    // A browser without this road, or a policy against it, throws instead of closing.
    queueMicrotask(onClose)
  }
  return road
}
