// Reads answers and errors in batches, each with the kernel's time of its arrival.
import { getSystemErrorName } from 'node:util'
import { SOCKADDR_BYTES } from './destination.ts'
import { errno, recvmmsg, timespecMs } from './libc.ts'
import { createMessageBlock } from './message-block.ts'
import {
  type Answer,
  icmpError,
  type Mark,
  readIpv4Packet,
  readMessage,
  readQuotedEcho,
} from './packet.ts'
import type { IcmpSocket } from './socket.ts'

/** `stampMs` is CLOCK_REALTIME at arrival; undefined where the kernel gave none. */
export type OnAnswer = (answer: Answer, stampMs: number | undefined) => void

export type Receiver = {
  /**
   * Reads all there is and returns true, but ends after a bound, so that a flood cannot hold up the
   * sending. Throws when the socket can no longer be read.
   */
  receive(onAnswer: OnAnswer): boolean
}

const BATCH = 64
const MOST_BATCHES = 64
// Longer packets arrive cut: their mark is still there, and only their checksum goes unproven.
const PACKET_BYTES = 2_048
const CONTROL_BYTES = 128
const CONTROL_HEADER_BYTES = 16
const MSG_DONTWAIT = 0x40
const MSG_ERRQUEUE = 0x2000
const EAGAIN = 11
const MOST_REFUSALS = 100
const SOL_SOCKET = 1
const SCM_TIMESTAMPNS = 35
const RECEIVED_ERROR = { 4: { level: 0, type: 11 }, 6: { level: 41, type: 25 } } as const
const ERROR_ORIGIN = { 4: 2, 6: 3 } as const
const EXTENDED_ERROR_BYTES = 16

export function createReceiver(socket: IcmpSocket, mark: Mark): Receiver {
  const { fd, family, kind } = socket
  const nameBytes = SOCKADDR_BYTES[family]
  const block = createMessageBlock({
    count: BATCH,
    nameBytes,
    dataBytes: PACKET_BYTES,
    controlBytes: CONTROL_BYTES,
  })
  const controlWords = new Uint32Array(block.control.buffer)
  // Views of the packets, kept: those that come are mostly of one length.
  const packets: Uint8Array[] = []

  return {
    receive(onAnswer) {
      for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
        if (kind === 'datagram') read(MSG_DONTWAIT | MSG_ERRQUEUE, readError, onAnswer)
        const count = read(MSG_DONTWAIT, readPacket, onAnswer)
        // A packet with a wrong checksum, on IPv6, ends a batch as if it were the last.
        if (count < BATCH && socket.queue().usedBytes === 0) return true
      }
      return false
    },
  }

  function read(
    flags: number,
    readAnswer: (index: number) => Answer | undefined,
    onAnswer: OnAnswer,
  ): number {
    const count = readBatch(flags)
    for (let index = 0; index < count; index += 1) {
      const answer = readAnswer(index)
      if (answer) onAnswer(answer, stampMs(index))
    }
    return count
  }

  // A first refusal may be the error of an echo, told in passing; the packets are behind it.
  function readBatch(flags: number): number {
    for (let attempt = 1; ; attempt += 1) {
      block.prepare()
      const count = recvmmsg(fd, block.address, BATCH, flags, 0)
      if (count >= 0) return count
      const refusal = errno()
      if (refusal === EAGAIN) return 0
      if (attempt < MOST_REFUSALS) continue
      throw new Error(`The ICMP socket cannot be read (${getSystemErrorName(-refusal)}).`)
    }
  }

  function readPacket(index: number): Answer | undefined {
    const packet = dataAt(index)
    if (family === 4 && kind === 'raw') return readIpv4Packet(packet, mark)
    return readMessage(packet, family, mark, nameAddress(index))
  }

  // The error queue gives the echo as sent, its destination as the name, and the rest as control.
  function readError(index: number): Answer | undefined {
    const at = findControl(index, RECEIVED_ERROR[family].level, RECEIVED_ERROR[family].type)
    if (at < 0 || block.control[at + 4] !== ERROR_ORIGIN[family]) return undefined
    const error = icmpError(family, block.control[at + 5] ?? 0, block.control[at + 6] ?? 0)
    const quote = readQuotedEcho(dataAt(index), family, mark, nameAddress(index))
    const offender = at + EXTENDED_ERROR_BYTES
    const from = addressIn(block.control.subarray(offender, offender + nameBytes))
    return error && quote && { kind: 'error', error, from, quote }
  }

  function stampMs(index: number): number | undefined {
    const at = findControl(index, SOL_SOCKET, SCM_TIMESTAMPNS)
    return at < 0 ? undefined : timespecMs(controlWords, at / 4)
  }

  function findControl(index: number, level: number, type: number): number {
    let at = index * CONTROL_BYTES
    const end = at + block.controlLength(index)
    while (at + CONTROL_HEADER_BYTES <= end) {
      const bytes = controlWords[at / 4] ?? 0
      const isIt = controlWords[at / 4 + 2] === level && controlWords[at / 4 + 3] === type
      if (isIt) return at + CONTROL_HEADER_BYTES
      if (bytes < CONTROL_HEADER_BYTES) return -1
      at += Math.ceil(bytes / 8) * 8
    }
    return -1
  }

  function dataAt(index: number): Uint8Array {
    const length = Math.min(block.dataLength(index), PACKET_BYTES)
    const known = packets[index]
    if (known?.length === length) return known
    const start = index * PACKET_BYTES
    const packet = block.data.subarray(start, start + length)
    packets[index] = packet
    return packet
  }

  function nameAddress(index: number): Uint8Array {
    return addressIn(block.names.subarray(index * nameBytes, (index + 1) * nameBytes))
  }

  function addressIn(sockaddr: Uint8Array): Uint8Array {
    return family === 4 ? sockaddr.subarray(4, 8) : sockaddr.subarray(8, 24)
  }
}
