// One socket at work: sends echoes, hears answers, knows when it could not keep up.
import type { ActiveProbe } from './active-probe.ts'
import type { Flight } from './flights.ts'
import type { KernelClock } from './kernel-clock.ts'
import { steadyMs } from './libc.ts'
import type { Answer, Mark } from './packet.ts'
import { createReceiver } from './receiver.ts'
import { createSender } from './sender.ts'
import type { IcmpSocket, ReceiveQueue } from './socket.ts'

export type OnArrival = (answer: Answer, arrivedMs: number) => void

/** Packets dropped for want of room in our own queue, and when that was last noticed. */
type Overflow = { drops: number; noticedMs: number }

export type Lane = {
  /** Sends an echo and sets its `sentMs`; false when it could not leave. */
  send(flight: Flight<ActiveProbe>): boolean
  /** Reads what came; returns the steady time up to which nothing is left unread. */
  hear(clock: KernelClock, onArrival: OnArrival): number
  readonly overflow: Overflow
  close(): void
}

/** `mark` is what it sends with, `heard` what it listens for; a deaf socket hears nothing. */
export function createLane(socket: IcmpSocket, mark: Mark, heard: Mark | 'nothing'): Lane {
  const { send } = createSender(socket, mark)
  const receiver = heard === 'nothing' ? undefined : createReceiver(socket, heard)
  const overflow: Overflow = { drops: 0, noticedMs: Number.NEGATIVE_INFINITY }
  let { drops } = socket.queue()

  return {
    send,
    hear(clock, onArrival) {
      const startedMs = steadyMs()
      if (!receiver) return startedMs
      let heardMs = Number.NEGATIVE_INFINITY
      const before = socket.queue()
      const isEmpty = receiver.receive((answer, stampMs) => {
        heardMs = clock.arrivalMs(stampMs)
        onArrival(answer, heardMs)
      })
      watchDrops(before, socket.queue())
      return isEmpty ? startedMs : heardMs
    },
    overflow,
    close: socket.close,
  }

  // The kernel also counts packets with a wrong checksum, which are as good as lost on the way. A
  // queue that overflowed is full until it is read.
  function watchDrops(before: ReceiveQueue, after: ReceiveQueue): void {
    const overflowed = (after.drops - drops) >>> 0
    drops = after.drops
    if (overflowed === 0 || !(isFull(before) || isFull(after))) return
    overflow.drops += overflowed
    overflow.noticedMs = steadyMs()
  }
}

function isFull({ usedBytes, roomBytes }: ReceiveQueue): boolean {
  return usedBytes > roomBytes / 2
}
