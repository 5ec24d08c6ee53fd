// Addresses as the kernel takes them: an IP literal becomes a family, bytes and a sockaddr.
import ipaddr from 'ipaddr.js'
import { ifNameToIndex } from './libc.ts'
import type { Family } from './packet.ts'

export type Destination = { family: Family; sockaddr: Uint8Array }

export const SOCKADDR_BYTES = { 4: 16, 6: 28 } as const
/** AF_INET and AF_INET6 of Linux. */
export const ADDRESS_FAMILY = { 4: 2, 6: 10 } as const
const ADDRESS_AT = { 4: 4, 6: 8 } as const

/** Undefined when the text is no IP literal; an IPv6 zone may be an interface's name or number. */
export function toDestination(literal: string): Destination | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(literal)) return ipv4(ipaddr.IPv4.parse(literal))
  if (ipaddr.IPv6.isValid(literal)) return ipv6(ipaddr.IPv6.parse(literal))
  return undefined
}

export function hasAddress({ family, sockaddr }: Destination, address: Uint8Array): boolean {
  return address.every((byte, index) => byte === sockaddr[ADDRESS_AT[family] + index])
}

/** The text of an address of 4 or 16 bytes. */
export function toLiteral(address: Uint8Array): string {
  return ipaddr.fromByteArray([...address]).toString()
}

// Neither array's buffer is asked for: V8 keeps so small a one in its heap as long as nobody does.
function ipv4(parsed: ipaddr.IPv4): Destination {
  const sockaddr = new Uint8Array(SOCKADDR_BYTES[4])
  sockaddr[0] = ADDRESS_FAMILY[4]
  sockaddr.set(parsed.toByteArray(), ADDRESS_AT[4])
  return { family: 4, sockaddr }
}

function ipv6(parsed: ipaddr.IPv6): Destination {
  const sockaddr = new Uint8Array(SOCKADDR_BYTES[6])
  sockaddr[0] = ADDRESS_FAMILY[6]
  sockaddr.set(parsed.toByteArray(), ADDRESS_AT[6])
  const zone = parsed.zoneId
  const index = !zone ? 0 : /^\d+$/.test(zone) ? Number(zone) : ifNameToIndex(zone)
  for (let byte = 0; byte < 4; byte += 1) sockaddr[24 + byte] = index >>> (8 * byte)
  return { family: 6, sockaddr }
}
