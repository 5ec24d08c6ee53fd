// A process that is a whole network behind a device of ours; it prints the true delays.
import { setImmediate as breathe } from 'node:timers/promises'
import { goFirst, steadyMs } from '../../../worker/probers/icmp/libc.ts'
import { hostOf, targetOf } from './icmp-packets.ts'
import { createManners, DEVICE, NETWORKS, OWN } from './manners.ts'
import { openTunDevice } from './tun-device.ts'

/** Of each echo: when it was read (steady ms), answered how much later, and by which host. */
export type ResponderReport = { delays: [readMs: number, delayUs: number, host: number][] }

type Due = { dueMs: number; readMs: number; host: number; packet: Uint8Array }

/** The rows of the report one behind the other: arrays of their own would be work for the collector. */
const delays: number[] = []

const TURN_MS = 50
const MOST_WAIT_MS = 5

const device = openTunDevice(DEVICE, OWN, NETWORKS)
const answersTo = createManners()
// The earliest first.
const waiting: Due[] = []
let isOpen = true

process.once('SIGTERM', () => {
  isOpen = false
})
// A path does not wait for a processor.
goFirst(-15)
process.stdout.write('ready\n')
while (isOpen) {
  const endMs = steadyMs() + TURN_MS
  while (steadyMs() < endMs) turn()
  await breathe()
}
process.stdout.write(JSON.stringify(reportOf(delays)))

function turn(): void {
  for (let packet = device.read(); packet; packet = device.read()) {
    const readMs = steadyMs()
    const host = hostOf(targetOf(packet))
    for (const { afterMs, packet: answer } of answersTo(packet)) {
      enqueue({ dueMs: readMs + afterMs, readMs, host, packet: answer })
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
    delays.push(due.readMs, (steadyMs() - due.readMs) * 1_000, due.host)
    due = waiting[0]
  }
}

function reportOf(numbers: number[]): ResponderReport {
  const report: ResponderReport = { delays: [] }
  for (let at = 0; at < numbers.length; at += 3) {
    const [readMs = 0, delayUs = 0, host = 0] = numbers.slice(at, at + 3)
    report.delays.push([readMs, delayUs, host])
  }
  return report
}
