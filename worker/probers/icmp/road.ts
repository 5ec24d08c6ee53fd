// One address family's way out and in: its lanes, opened as probes come to need them.
import type { ActiveProbe } from './active-probe.ts'
import type { Destination } from './destination.ts'
import type { Flight } from './flights.ts'
import { createKernelClock } from './kernel-clock.ts'
import { createLane, type Lane, type OnArrival } from './lane.ts'
import type { Family } from './packet.ts'
import { type IcmpSocket, openIcmpSocket } from './socket.ts'

export type Road = {
  readonly family: Family
  readonly kind: 'raw' | 'datagram'
  /** Sends on the lane of the flight's probe and sets `sentMs`; false when it could not leave. */
  send(flight: Flight<ActiveProbe>): boolean
  /** Reads what came; returns the steady time up to which nothing is left unread. */
  hear(onArrival: OnArrival): number
  /** Packets dropped for want of room in our own queues, and when that was last noticed. */
  drops(): number
  droppedAtMs(): number
  close(): void
}

export type RoadOptions = {
  family: Family
  /** Drawn anew at each start: firewalls hold on to the flows of the last run. */
  identifier: number
  tag: number
  source: Destination | undefined
}

/** Returns the errno of the refusal where no ICMP socket may be opened. */
export function openRoad(options: RoadOptions): Road | { refusedErrno: number } {
  const { identifier, tag, ...facts } = options
  const clock = createKernelClock()
  const opened = openIcmpSocket({ ...facts, tag, isDeaf: false })
  if ('refusedErrno' in opened) return opened
  const { kind, family } = opened
  // A socket for each: echoes that wait for dead neighbours must not fill the send buffer of others.
  const first = openLane(opened, 0)
  const lanes = new Map([[0, first]])
  let distinct = [first]

  return {
    family,
    kind,
    send: (flight) => laneOf(flight.probe.lane).send(flight),
    hear(onArrival) {
      clock.measure()
      let heardMs = Number.POSITIVE_INFINITY
      for (const lane of distinct) heardMs = Math.min(heardMs, lane.hear(clock, onArrival))
      return heardMs
    },
    drops: () => distinct.reduce((sum, lane) => sum + lane.overflow.drops, 0),
    droppedAtMs: () => Math.max(...distinct.map((lane) => lane.overflow.noticedMs)),
    close() {
      for (const lane of distinct) lane.close()
    },
  }

  // Where no further socket can be had, the first lane carries all.
  function laneOf(number: number): Lane {
    const known = lanes.get(number)
    if (known) return known
    const socket = openIcmpSocket({ ...facts, tag, isDeaf: kind === 'raw' })
    const lane = 'fd' in socket ? openLane(socket, number) : first
    lanes.set(number, lane)
    distinct = [...new Set(lanes.values())]
    return lane
  }

  // One raw socket hears the answers to all; a datagram socket those to its own echoes.
  function openLane(socket: IcmpSocket, number: number): Lane {
    const markOf = (offset: number) => ({
      identifier: socket.kind === 'raw' ? (identifier + offset) & 0xffff : undefined,
      tag,
    })
    const isDeaf = socket.kind === 'raw' && number > 0
    return createLane(socket, markOf(number), isDeaf ? 'nothing' : markOf(0))
  }
}
