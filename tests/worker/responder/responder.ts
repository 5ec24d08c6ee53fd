// A process that is a whole network behind a device of ours; it prints the true delays.
import { setImmediate as breathe } from 'node:timers/promises'
import { steadyMs } from '../../../worker/probers/icmp/libc.ts'
import { createManners, NETWORKS, OWN } from './manners.ts'
import { openTunDevice } from './tun-device.ts'

/** In µs, of each answer: from reading the echo to writing it. */
export type ResponderReport = { delaysUs: number[] }

type Due = { dueMs: number; readMs: number; packet: Uint8Array }

const TURN_MS = 50
const MOST_WAIT_MS = 5

const device = openTunDevice('wall0', OWN, NETWORKS)
const answersTo = createManners()
// By due time rounded up to whole milliseconds; the next one is soon found.
const waiting: Due[] = []
const delaysUs: number[] = []
let isOpen = true

process.once('SIGTERM', () => {
  isOpen = false
})
process.stdout.write('ready\n')
while (isOpen) {
  const endMs = steadyMs() + TURN_MS
  while (steadyMs() < endMs) turn()
  await breathe()
}
process.stdout.write(JSON.stringify({ delaysUs } satisfies ResponderReport))

function turn(): void {
  for (let packet = device.read(); packet; packet = device.read()) {
    const readMs = steadyMs()
    for (const answer of answersTo(packet)) {
      enqueue({ dueMs: readMs + answer.afterMs, readMs, packet: answer.packet })
    }
    writeDue()
  }
  writeDue()
  const untilNextMs = (waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) - steadyMs()
  if (untilNextMs > 0) device.wait(Math.min(untilNextMs, MOST_WAIT_MS))
}

// Nearly always the last: most hosts wait equally long.
function enqueue(due: Due): void {
  let place = waiting.length
  while (place > 0 && (waiting[place - 1]?.dueMs ?? 0) > due.dueMs) place -= 1
  waiting.splice(place, 0, due)
}

function writeDue(): void {
  let due = waiting[0]
  while (due && due.dueMs <= steadyMs()) {
    waiting.shift()
    device.write(due.packet)
    delaysUs.push(Math.round((steadyMs() - due.readMs) * 1_000))
    due = waiting[0]
  }
}
