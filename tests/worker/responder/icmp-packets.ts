// IP packets with ICMP in them, as a host or a router answers an echo (RFC 792, RFC 4443).
import ipaddr from 'ipaddr.js'
import { checksum } from '../../../worker/probers/icmp/packet.ts'

export type Echo = { family: 4 | 6; target: number[] }

const HEADER_BYTES = { 4: 20, 6: 40 } as const
const PROTOCOL = { 4: 1, 6: 58 } as const
const TYPE = {
  4: { request: 8, reply: 0, timeExceeded: 11 },
  6: { request: 128, reply: 129, timeExceeded: 3 },
} as const
const NONCE_AT = 16
const QUOTED_BYTES = 128

/** Undefined for what is no whole echo request. */
export function echoOf(packet: Uint8Array): Echo | undefined {
  const family = (packet[0] ?? 0) >> 4 === 6 ? 6 : 4
  const isEcho =
    packet[family === 4 ? 9 : 6] === PROTOCOL[family] &&
    packet[HEADER_BYTES[family]] === TYPE[family].request
  return isEcho ? { family, target: [...addressesOf(packet).target] } : undefined
}

export function replyPacket(request: Uint8Array): Uint8Array {
  const reply = request.slice()
  const { family, source, target } = addressesOf(request)
  addressesOf(reply).source.set(target)
  addressesOf(reply).target.set(source)
  reply[HEADER_BYTES[family]] = TYPE[family].reply
  return withChecksums(reply)
}

/** What a router says when the hops of a request are used up. */
export function timeExceeded(request: Uint8Array, router: string): Uint8Array {
  const { family, source } = addressesOf(request)
  const headerBytes = HEADER_BYTES[family]
  const quoted = request.subarray(0, QUOTED_BYTES)
  const packet = new Uint8Array(headerBytes + 8 + quoted.length)
  packet.set(request.subarray(0, headerBytes))
  new DataView(packet.buffer).setUint16(
    family === 4 ? 2 : 4,
    family === 4 ? packet.length : packet.length - headerBytes,
  )
  addressesOf(packet).source.set(ipaddr.parse(router).toByteArray())
  addressesOf(packet).target.set(source)
  packet[headerBytes] = TYPE[family].timeExceeded
  packet.set(quoted, headerBytes + 8)
  return withChecksums(packet)
}

/** Another nonce than was sent: with a right checksum somebody guessed, without one it was damaged. */
export function withOtherNonce(packet: Uint8Array, { isDamaged }: { isDamaged: boolean }) {
  const changed = packet.slice()
  const at = HEADER_BYTES[addressesOf(packet).family] + NONCE_AT
  changed[at] = (changed[at] ?? 0) ^ 1
  return isDamaged ? changed : withChecksums(changed)
}

function addressesOf(packet: Uint8Array) {
  const family: 4 | 6 = (packet[0] ?? 0) >> 4 === 6 ? 6 : 4
  const [at, length] = family === 4 ? [12, 4] : [8, 16]
  return {
    family,
    source: packet.subarray(at, at + length),
    target: packet.subarray(at + length, at + 2 * length),
  }
}

function withChecksums(packet: Uint8Array): Uint8Array {
  const { family } = addressesOf(packet)
  const headerBytes = HEADER_BYTES[family]
  const message = packet.subarray(headerBytes)
  if (family === 4) setSum(packet, 10, packet.subarray(0, headerBytes))
  if (family === 4) setSum(message, 2, message)
  else setSum(message, 2, pseudoHeader(packet), message)
  return packet
}

function pseudoHeader(packet: Uint8Array): Uint8Array {
  const header = new Uint8Array(40)
  header.set(packet.subarray(8, 40))
  new DataView(header.buffer).setUint32(32, packet.length - HEADER_BYTES[6])
  header[39] = PROTOCOL[6]
  return header
}

function setSum(bytes: Uint8Array, at: number, ...summed: Uint8Array[]): void {
  bytes.set([0, 0], at)
  const sum = checksum(Buffer.concat(summed))
  bytes.set([sum >> 8, sum & 255], at)
}
