// IP packets with ICMP in them, as a host or a router answers an echo (RFC 792, RFC 4443).
import ipaddr from 'ipaddr.js'
import { checksum } from '../../../worker/probers/icmp/packet.ts'

const HEADER_BYTES = { 4: 20, 6: 40 } as const
const PROTOCOL = { 4: 1, 6: 58 } as const
const TYPE = {
  4: { request: 8, reply: 0, timeExceeded: 11 },
  6: { request: 128, reply: 129, timeExceeded: 3 },
} as const
const NUMBER_AT = 8
const NONCE_AT = 16
const QUOTED_BYTES = 128

export function familyOf(packet: Uint8Array): 4 | 6 {
  return (packet[0] ?? 0) >> 4 === 6 ? 6 : 4
}

export function isEcho(packet: Uint8Array): boolean {
  return icmpTypeOf(packet) === TYPE[familyOf(packet)].request
}

export function isReply(packet: Uint8Array): boolean {
  return icmpTypeOf(packet) === TYPE[familyOf(packet)].reply
}

function icmpTypeOf(packet: Uint8Array): number | undefined {
  const family = familyOf(packet)
  const isIcmp = packet[family === 4 ? 9 : 6] === PROTOCOL[family]
  return isIcmp ? packet[HEADER_BYTES[family]] : undefined
}

/** The number by which the engine knows an echo, in the echo itself and in its reply. */
export function echoNumberOf(packet: Uint8Array): number {
  return word(packet, HEADER_BYTES[familyOf(packet)] + NUMBER_AT)
}

/** The last four bytes of an address: they tell the hosts behind the responder apart. */
export function hostOf(address: Uint8Array): number {
  return word(address, address.length - 4)
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0)
}

/** The bytes of the address that an echo went to. */
export function targetOf(packet: Uint8Array): Uint8Array {
  return familyOf(packet) === 4 ? packet.subarray(16, 20) : packet.subarray(24, 40)
}

/** Stateful firewalls know a flow of echoes by it. */
export function identifierOf(packet: Uint8Array): number {
  const at = HEADER_BYTES[familyOf(packet)] + 4
  return ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0)
}

export function sourceOf(packet: Uint8Array): Uint8Array {
  return familyOf(packet) === 4 ? packet.subarray(12, 16) : packet.subarray(8, 24)
}

/** In memory of Node's pool: of its own it would cost more than the rest. */
function copyOf(packet: Uint8Array): Uint8Array {
  return Buffer.from(packet)
}

/** Only the type differs from the request: the checksum changes by as much (RFC 1624). */
export function replyPacket(request: Uint8Array): Uint8Array {
  const reply = copyOf(request)
  const family = familyOf(request)
  const at = HEADER_BYTES[family]
  const { request: from, reply: to } = TYPE[family]
  sourceOf(reply).set(targetOf(request))
  targetOf(reply).set(sourceOf(request))
  reply[at] = to
  const sum = (((reply[at + 2] ?? 0) << 8) | (reply[at + 3] ?? 0)) + ((from - to) << 8)
  const folded = sum < 0 ? sum + 0xffff : sum % 0xffff
  reply[at + 2] = folded >> 8
  reply[at + 3] = folded
  return reply
}

/** What a router says when the hops of a request are used up. */
export function timeExceeded(request: Uint8Array, router: string): Uint8Array {
  const family = familyOf(request)
  const headerBytes = HEADER_BYTES[family]
  const quoted = request.subarray(0, QUOTED_BYTES)
  const packet = new Uint8Array(headerBytes + 8 + quoted.length)
  const length = new DataView(packet.buffer)
  packet.set(request.subarray(0, headerBytes))
  if (family === 4) length.setUint16(2, packet.length)
  else length.setUint16(4, packet.length - headerBytes)
  sourceOf(packet).set(ipaddr.parse(router).toByteArray())
  targetOf(packet).set(sourceOf(request))
  packet[headerBytes] = TYPE[family].timeExceeded
  packet.set(quoted, headerBytes + 8)
  return withChecksums(packet)
}

/** Another nonce than was sent: with a right checksum somebody guessed, without one it was damaged. */
export function withOtherNonce(packet: Uint8Array, { isDamaged }: { isDamaged: boolean }) {
  const changed = packet.slice()
  const at = HEADER_BYTES[familyOf(packet)] + NONCE_AT
  changed[at] = (changed[at] ?? 0) ^ 1
  return isDamaged ? changed : withChecksums(changed)
}

function withChecksums(packet: Uint8Array): Uint8Array {
  const family = familyOf(packet)
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
