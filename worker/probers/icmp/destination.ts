// Addresses as the kernel takes them: an IP literal becomes a family, bytes and a sockaddr.
import ipaddr from 'ipaddr.js'
import { ifNameToIndex } from './libc.ts'
import type { Family } from './packet.ts'

export type Destination = { family: Family; address: Uint8Array; sockaddr: Uint8Array }

export const SOCKADDR_BYTES = { 4: 16, 6: 28 } as const

/** Undefined when the text is no IP literal; an IPv6 zone may be an interface's name or number. */
export function toDestination(literal: string): Destination | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(literal)) return ipv4(ipaddr.IPv4.parse(literal))
  if (ipaddr.IPv6.isValid(literal)) return ipv6(ipaddr.IPv6.parse(literal))
  return undefined
}

/** The text of an address of 4 or 16 bytes. */
export function toLiteral(address: Uint8Array): string {
  return ipaddr.fromByteArray([...address]).toString()
}

function ipv4(parsed: ipaddr.IPv4): Destination {
  const sockaddr = new Uint8Array(SOCKADDR_BYTES[4])
  new DataView(sockaddr.buffer).setUint16(0, 2, true)
  sockaddr.set(parsed.toByteArray(), 4)
  return { family: 4, address: sockaddr.subarray(4, 8), sockaddr }
}

function ipv6(parsed: ipaddr.IPv6): Destination {
  const sockaddr = new Uint8Array(SOCKADDR_BYTES[6])
  const view = new DataView(sockaddr.buffer)
  view.setUint16(0, 10, true)
  sockaddr.set(parsed.toByteArray(), 8)
  const zone = parsed.zoneId
  if (zone) view.setUint32(24, /^\d+$/.test(zone) ? Number(zone) : ifNameToIndex(zone), true)
  return { family: 6, address: sockaddr.subarray(8, 24), sockaddr }
}
