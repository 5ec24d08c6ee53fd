// A process that watches the device: it prints how long the kernel says each echo was away.
import { setTimeout as pause } from 'node:timers/promises'
import { createKernelClock } from '../../../worker/probers/icmp/kernel-clock.ts'
import * as libc from '../../../worker/probers/icmp/libc.ts'
import { createMessageBlock } from '../../../worker/probers/icmp/message-block.ts'
import { echoNumberOf, hostOf, isEcho, isReply, sourceOf } from './icmp-packets.ts'
import { DEVICE } from './manners.ts'

/** Of each answered echo: when it entered the device (steady ms), how much later its answer came out. */
export type PathReport = { passages: [leftMs: number, delayUs: number, host: number][] }

const AF_PACKET = 17
const SOCK_DGRAM = 2
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const SO_TIMESTAMPNS = 35
const MSG_DONTWAIT = 0x40
/** ETH_P_ALL in the order of the network, where a sockaddr of packets has it. */
const EVERY_PROTOCOL = 0x0300 << 16
const NAME_BYTES = 20
const BUFFER_BYTES = 64 << 20
const BATCH = 64
const DATA_BYTES = 128
const CONTROL_BYTES = 64
/** A control message's header is 16 bytes, and the kernel's time is the only one. */
const STAMP_WORD = 4
const READ_EVERY_MS = 20

const fd = openTap(libc.ifNameToIndex(DEVICE))
const clock = createKernelClock()
const block = createMessageBlock({
  count: BATCH,
  nameBytes: NAME_BYTES,
  dataBytes: DATA_BYTES,
  controlBytes: CONTROL_BYTES,
})
const stamps = new Uint32Array(block.control.buffer)
const awayMs = new Map<number, number>()
const { passages }: PathReport = { passages: [] }
let isOpen = true

process.once('SIGTERM', () => {
  isOpen = false
})
process.stdout.write('ready\n')
while (isOpen) {
  await pause(READ_EVERY_MS)
  readAll()
}
process.stdout.write(JSON.stringify({ passages }))

function openTap(device: number): number {
  const tap = libc.socket(AF_PACKET, SOCK_DGRAM, 0)
  libc.setOption(tap, SOL_SOCKET, SO_RCVBUFFORCE, [BUFFER_BYTES])
  libc.setOption(tap, SOL_SOCKET, SO_TIMESTAMPNS, [1])
  if (tap < 0 || !libc.bindTo(tap, [AF_PACKET | EVERY_PROTOCOL, device], NAME_BYTES)) {
    throw new Error('The device cannot be watched here.')
  }
  return tap
}

function readAll(): void {
  clock.measure()
  let count = BATCH
  while (count === BATCH) {
    block.prepare()
    count = libc.recvmmsg(fd, block.address, BATCH, MSG_DONTWAIT, 0)
    for (let index = 0; index < count; index += 1) {
      const packet = block.data.subarray(index * DATA_BYTES, (index + 1) * DATA_BYTES)
      const stampMs = libc.timespecMs(stamps, (index * CONTROL_BYTES) / 4 + STAMP_WORD)
      note(packet, clock.arrivalMs(stampMs))
    }
  }
}

function note(packet: Uint8Array, atMs: number): void {
  if (isEcho(packet)) awayMs.set(echoNumberOf(packet), atMs)
  if (!isReply(packet)) return
  const leftMs = awayMs.get(echoNumberOf(packet))
  awayMs.delete(echoNumberOf(packet))
  if (leftMs !== undefined)
    passages.push([leftMs, (atMs - leftMs) * 1_000, hostOf(sourceOf(packet))])
}
