// Spreads a network (10.0.0.0/28) or a range (10.0.0.1-20) into its addresses.
import ipaddr from 'ipaddr.js'
import { LENGTHS } from '#lib/vocabulary.ts'
import { type Host, hostOf, type Refusal, readAddress } from './address.ts'

/** The addresses from `first` to `last`, as numbers of 4 or 16 bytes; never more than the limit. */
export type Span = { first: bigint; last: bigint; bytes: 4 | 16 }

const LIMIT = BigInt(LENGTHS.targetsPerRequest)
const RANGE = /^([\d.]+|[\da-f:.]+)[-~]([\d.]+|[\da-f:.]+)$/i

/** A cleaned word that is a network or a range, or why it is none; undefined for any other word. */
export function readSpan(word: string): Span | Refusal | undefined {
  if (word.length > LENGTHS.host) return undefined
  const [, base, mask] = /^([^/]+)\/([^/]+)$/.exec(word) ?? []
  if (base && mask) return bounded(readNetwork(base, mask))
  const [, first, last] = RANGE.exec(word) ?? []
  if (first && last) return bounded(readRange(first, last))
  return undefined
}

/** Every address of the span. */
export function spread({ first, last, bytes }: Span): Host[] {
  const addresses: Host[] = []
  for (let number = first; number <= last; number++) addresses.push(addressOf(number, bytes))
  return addresses
}

function readNetwork(base: string, mask: string): Span | Refusal | undefined {
  const address = readAddress(base)
  if (!address || !isHost(address)) return address
  const bytes = address.kind === 'ipv4' ? 4 : 16
  const bits = prefixOf(mask, bytes)
  if (bits === undefined) return { reason: `/${mask} is no prefix of an ${nameOf(bytes)} address` }
  const size = 1n << BigInt(bytes * 8 - bits)
  const network = (numberOf(address) / size) * size
  // A shorter IPv4 prefix than /31 (RFC 3021) has a network and a broadcast address: no hosts.
  const edge = bytes === 4 && bits < 31 ? 1n : 0n
  return { first: network + edge, last: network + size - 1n - edge, bytes }
}

function readRange(from: string, to: string): Span | Refusal | undefined {
  const first = readAddress(from)
  if (!first || !isHost(first)) return first
  const isShort = first.kind === 'ipv4' && /^\d+$/.test(to)
  const last = readAddress(isShort ? from.replace(/\d+$/, to) : to)
  if (!last || !isHost(last)) return last
  if (first.kind !== last.kind) return { reason: 'a range within one family only' }
  const bytes = first.kind === 'ipv4' ? 4 : 16
  const span: Span = { first: numberOf(first), last: numberOf(last), bytes }
  return span.first > span.last ? { reason: 'the range runs backwards' } : span
}

function bounded(span: Span | Refusal | undefined): Span | Refusal | undefined {
  if (!span || 'reason' in span) return span
  const size = span.last - span.first + 1n
  if (size <= LIMIT) return span
  const [many, limit] = [size, LIMIT].map((count) => count.toLocaleString('en'))
  return { reason: `${many} addresses; at most ${limit} in one request` }
}

function addressOf(number: bigint, bytes: 4 | 16): Host {
  const hex = number.toString(16).padStart(bytes * 2, '0')
  const octets = (hex.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16))
  return hostOf(ipaddr.fromByteArray(octets))
}

function numberOf({ canonical }: Host): bigint {
  const octets = ipaddr.parse(canonical).toByteArray()
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n)
}

// A prefix length, or for IPv4 a mask such as 255.255.255.0.
function prefixOf(mask: string, bytes: 4 | 16): number | undefined {
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= bytes * 8 ? Number(mask) : undefined
  if (bytes === 16 || !ipaddr.IPv4.isValidFourPartDecimal(mask)) return undefined
  return ipaddr.IPv4.isValid(mask)
    ? (ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() ?? undefined)
    : undefined
}

function isHost(read: Host | Refusal): read is Host {
  return 'canonical' in read
}

function nameOf(bytes: 4 | 16): string {
  return bytes === 4 ? 'IPv4' : 'IPv6'
}
