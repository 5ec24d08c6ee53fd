// ICMP echoes and answers as bytes: built, checked and read (RFC 792, RFC 4443, RFC 4884).

export type Family = 4 | 6

/**
 * What marks an echo as ours: the identifier in the header, this one or one of the few after it,
 * and the tag in the payload. On datagram sockets the kernel sets the identifier and sorts by it:
 * there it is undefined.
 */
export type Mark = { identifier: number | undefined; tag: number }

/** So many identifiers in a row are ours. */
export const IDENTIFIERS = 8

export type EchoNumber = { number: number; nonceHigh: number; nonceLow: number }

export type Answer =
  | ({ kind: 'reply' } & EchoNumber)
  | { kind: 'error'; error: IcmpError; from: Uint8Array; quote: Quote }

export type IcmpError = { kind: 'unreachable'; code: number } | { kind: 'ttl-exceeded' }

/** Our echo as an error quotes it; routers may cut it after the first 8 bytes, before the number. */
export type Quote = { destination: Uint8Array; sequence: number; echo: EchoNumber | undefined }

export const ICMP_HEADER_BYTES = 8

const ECHO_REQUEST = { 4: 8, 6: 128 } as const
const ECHO_REPLY = { 4: 0, 6: 129 } as const
const PROTOCOL = { 4: 1, 6: 58 } as const
const MARK_BYTES = 16
const IPV6_HEADER_BYTES = 40
const IPV6_FRAGMENT = 44
/** "Fragmentation needed" of IPv4; IPv6 has a message of its own for it, shown under this code. */
const CODE_TOO_BIG = 4

/**
 * Writes an echo request at the start of `bytes`: header, number, tag, nonce; what follows is left
 * as it is. The checksum is right for IPv4; for IPv6 the kernel computes it, as its pseudo-header
 * needs the source address.
 */
export function writeEcho(bytes: Uint8Array, family: Family, mark: Mark, echo: EchoNumber): void {
  bytes[0] = ECHO_REQUEST[family]
  bytes[1] = 0
  write16(bytes, 2, 0)
  write16(bytes, 4, mark.identifier ?? 0)
  write16(bytes, 6, echo.number & 0xffff)
  write32(bytes, 8, echo.number)
  write32(bytes, 12, mark.tag)
  write32(bytes, 16, echo.nonceHigh)
  write32(bytes, 20, echo.nonceLow)
  if (family === 4) write16(bytes, 2, checksum(bytes))
}

/**
 * Reads what a raw IPv4 socket gives: an IP header and an ICMP message, whose checksum nobody has
 * looked at yet; undefined if it is wrong or the message not for us. A cut packet cannot be summed.
 */
export function readIpv4Packet(packet: Uint8Array, mark: Mark): Answer | undefined {
  const message = packet.subarray(ipv4HeaderBytes(packet))
  const isWhole = read16(packet, 2) <= packet.length
  if (isWhole && checksum(message) !== 0) return undefined
  return readMessage(message, 4, mark, packet.subarray(12, 16))
}

/** Reads an ICMP message whose sender is known from elsewhere; undefined if it is not for us. */
export function readMessage(
  message: Uint8Array,
  family: Family,
  mark: Mark,
  from: Uint8Array,
): Answer | undefined {
  if (message.length < ICMP_HEADER_BYTES) return undefined
  if (message[0] === ECHO_REPLY[family]) {
    return hasIdentifier(message, mark) ? readReply(message, mark) : undefined
  }
  const error = icmpError(family, message[0] ?? 0, message[1] ?? 0)
  const quoted = message.subarray(ICMP_HEADER_BYTES)
  const quote = error && (family === 4 ? readIpv4Quote(quoted, mark) : readIpv6Quote(quoted, mark))
  return error && quote && { kind: 'error', error, from, quote }
}

/** What an ICMP type and code mean for an echo; undefined for what does not end one. */
export function icmpError(family: Family, type: number, code: number): IcmpError | undefined {
  if (family === 4 && type === 3) return { kind: 'unreachable', code }
  // Code 1 is the target's: a fragment of the echo was lost on the way, and so it will be silent.
  if (family === 4 && type === 11 && code === 0) return { kind: 'ttl-exceeded' }
  if (family === 6 && type === 1) return { kind: 'unreachable', code }
  if (family === 6 && type === 2) return { kind: 'unreachable', code: CODE_TOO_BIG }
  if (family === 6 && type === 3 && code === 0) return { kind: 'ttl-exceeded' }
  return undefined
}

/** The quoted echo itself, from its ICMP header on; undefined when it is not one of ours. */
export function readQuotedEcho(
  echo: Uint8Array,
  family: Family,
  mark: Mark,
  destination: Uint8Array,
): Quote | undefined {
  const isEcho = echo.length >= ICMP_HEADER_BYTES && echo[0] === ECHO_REQUEST[family]
  if (!isEcho || !hasIdentifier(echo, mark)) return undefined
  const isCut = echo.length < ICMP_HEADER_BYTES + MARK_BYTES
  const number = isCut ? undefined : readEchoNumber(echo, mark)
  if (!isCut && !number) return undefined
  return { destination, sequence: read16(echo, 6), echo: number }
}

function readIpv4Quote(packet: Uint8Array, mark: Mark): Quote | undefined {
  const isFirstFragment = (read16(packet, 6) & 0x1fff) === 0
  if (packet.length < 20 || packet[9] !== PROTOCOL[4] || !isFirstFragment) return undefined
  const echo = packet.subarray(ipv4HeaderBytes(packet))
  return readQuotedEcho(echo, 4, mark, packet.subarray(16, 20))
}

function readIpv6Quote(packet: Uint8Array, mark: Mark): Quote | undefined {
  if (packet.length < IPV6_HEADER_BYTES) return undefined
  const isFragment = packet[6] === IPV6_FRAGMENT
  const next = isFragment ? packet[IPV6_HEADER_BYTES] : packet[6]
  const isFirstFragment = !isFragment || (read16(packet, IPV6_HEADER_BYTES + 2) & 0xfff8) === 0
  if (next !== PROTOCOL[6] || !isFirstFragment) return undefined
  const echo = packet.subarray(IPV6_HEADER_BYTES + (isFragment ? 8 : 0))
  return readQuotedEcho(echo, 6, mark, packet.subarray(24, 40))
}

function hasIdentifier(message: Uint8Array, { identifier }: Mark): boolean {
  return identifier === undefined || ((read16(message, 4) - identifier) & 0xffff) < IDENTIFIERS
}

function readReply(message: Uint8Array, mark: Mark): Answer | undefined {
  const echo = readEchoNumber(message, mark)
  if (!echo) return undefined
  // Named one by one: a spread here was 2 % of an echo's CPU.
  const { number, nonceHigh, nonceLow } = echo
  return { kind: 'reply', number, nonceHigh, nonceLow }
}

// Undefined when cut short, or when payload and sequence contradict each other: not our packet.
function readEchoNumber(message: Uint8Array, { tag }: Mark): EchoNumber | undefined {
  if (message.length < ICMP_HEADER_BYTES + MARK_BYTES) return undefined
  const number = read32(message, 8)
  if (read32(message, 12) !== tag || (number & 0xffff) !== read16(message, 6)) return undefined
  return { number, nonceHigh: read32(message, 16), nonceLow: read32(message, 20) }
}

/** The Internet checksum (RFC 1071); 0 over a message that holds its own right checksum. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0
  const even = bytes.length & ~1
  for (let at = 0; at < even; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  if (even < bytes.length) sum += (bytes[even] ?? 0) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

function ipv4HeaderBytes(packet: Uint8Array): number {
  return ((packet[0] ?? 0) & 0x0f) * 4
}

function read16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

function read32(bytes: Uint8Array, at: number): number {
  return ((read16(bytes, at) << 16) | read16(bytes, at + 2)) >>> 0
}

function write16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8
  bytes[at + 1] = value
}

function write32(bytes: Uint8Array, at: number, value: number): void {
  write16(bytes, at, value >>> 16)
  write16(bytes, at + 2, value)
}
