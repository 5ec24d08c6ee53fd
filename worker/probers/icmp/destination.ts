// Addresses as the kernel takes them: an IP literal becomes a family, bytes and a sockaddr.
import ipaddr from 'ipaddr.js'
import { ifNameToIndex } from './libc.ts'
import type { Family } from './packet.ts'

/** The sockaddr as 32-bit words of little-endian memory; what follows them is zeros. */
export type Destination = { family: Family; sockaddr: readonly number[] }

export const SOCKADDR_BYTES = { 4: 16, 6: 28 } as const
/** AF_INET and AF_INET6 of Linux. */
export const ADDRESS_FAMILY = { 4: 2, 6: 10 } as const
const ADDRESS_WORD = { 4: 1, 6: 2 } as const

/** Undefined when the text is no IP literal; an IPv6 zone may be an interface's name or number. */
export function toDestination(literal: string): Destination | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(literal)) return ipv4(ipaddr.IPv4.parse(literal))
  if (ipaddr.IPv6.isValid(literal)) return ipv6(ipaddr.IPv6.parse(literal))
  return undefined
}

export function hasAddress({ family, sockaddr }: Destination, address: Uint8Array): boolean {
  return wordsOf(address).every((word, index) => word === sockaddr[ADDRESS_WORD[family] + index])
}

/** The text of an address of 4 or 16 bytes. */
export function toLiteral(address: Uint8Array): string {
  return ipaddr.fromByteArray([...address]).toString()
}

// Of an address in a typed array of its own V8 would keep four times as much.
function ipv4(parsed: ipaddr.IPv4): Destination {
  const [address = 0] = wordsOf(parsed.toByteArray())
  return { family: 4, sockaddr: [ADDRESS_FAMILY[4], address] }
}

function ipv6(parsed: ipaddr.IPv6): Destination {
  const [a = 0, b = 0, c = 0, d = 0] = wordsOf(parsed.toByteArray())
  const zone = parsed.zoneId
  const index = !zone ? 0 : /^\d+$/.test(zone) ? Number(zone) : ifNameToIndex(zone)
  return { family: 6, sockaddr: [ADDRESS_FAMILY[6], 0, a, b, c, d, index] }
}

function wordsOf(bytes: ArrayLike<number>): number[] {
  const byte = (at: number) => (bytes[at] ?? 0) << (8 * (at % 4))
  return Array.from({ length: bytes.length / 4 }, (_, word) =>
    [0, 1, 2, 3].reduce((sum, at) => (sum | byte(4 * word + at)) >>> 0, 0),
  )
}
