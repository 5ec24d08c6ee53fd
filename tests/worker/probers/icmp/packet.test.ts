import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checksum,
  readIpv4Packet,
  readMessage,
  writeEcho,
} from '../../../../worker/probers/icmp/packet.ts'

const MARK = { identifier: 0x1234, tag: 0xcafe_f00d }
const ECHO = { number: 0x0102_0304, nonceHigh: 0xffff_ffff, nonceLow: 0x8000_0001 }
const ROUTER = Uint8Array.of(10, 0, 0, 254)
const HOST = Uint8Array.of(10, 1, 2, 3)
const HOST_6 = Uint8Array.from({ length: 16 }, (_, index) => index)
const ROUTER_6 = Uint8Array.from({ length: 16 }, (_, index) => 255 - index)

function echoRequest(family: 4 | 6, payloadBytes = 56): Uint8Array {
  const bytes = new Uint8Array(8 + payloadBytes)
  writeEcho(bytes, family, MARK, ECHO)
  return bytes
}

function echoReply(family: 4 | 6): Uint8Array {
  const bytes = echoRequest(family)
  bytes[0] = family === 4 ? 0 : 129
  return withChecksum(bytes)
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  bytes[2] = 0
  bytes[3] = 0
  const sum = checksum(bytes)
  bytes[2] = sum >> 8
  bytes[3] = sum & 0xff
  return bytes
}

function ipv4(source: Uint8Array, target: Uint8Array, message: Uint8Array): Uint8Array {
  const packet = new Uint8Array(20 + message.length)
  packet.set([0x45, 0, packet.length >> 8, packet.length & 0xff, 0, 0, 0, 0, 64, 1, 0, 0])
  packet.set(source, 12)
  packet.set(target, 16)
  packet.set(message, 20)
  return packet
}

function ipv6(target: Uint8Array, message: Uint8Array): Uint8Array {
  const packet = new Uint8Array(40 + message.length)
  packet.set([0x60, 0, 0, 0, message.length >> 8, message.length & 0xff, 58, 64])
  packet.set(target, 24)
  packet.set(message, 40)
  return packet
}

function icmpErrorOf(type: number, code: number, quoted: Uint8Array): Uint8Array {
  const message = new Uint8Array(8 + quoted.length)
  message.set([type, code])
  message.set(quoted, 8)
  return withChecksum(message)
}

describe('an echo request', () => {
  it.each([16, 17, 56, 1_473, 65_000])('sums to zero with %i bytes of payload', (payloadBytes) => {
    expect(checksum(echoRequest(4, payloadBytes))).toBe(0)
  })
})

describe('a reply', () => {
  it('is read with its number and nonce, for IPv4 and IPv6', () => {
    const expected = { kind: 'reply', ...ECHO }
    expect(readIpv4Packet(ipv4(HOST, ROUTER, echoReply(4)), MARK)).toEqual(expected)
    expect(readMessage(echoReply(6), 6, MARK, HOST_6)).toEqual(expected)
  })

  it('is ignored when its checksum is wrong', () => {
    const packet = ipv4(HOST, ROUTER, echoReply(4))
    packet[60] = (packet[60] ?? 0) ^ 1
    expect(readIpv4Packet(packet, MARK)).toBeUndefined()
  })

  it("is ignored when it is another program's: identifier, tag or sequence differ", () => {
    const other = { identifier: MARK.identifier, tag: MARK.tag + 1 }
    expect(readMessage(echoReply(4), 4, { ...MARK, identifier: 1 }, HOST)).toBeUndefined()
    expect(readMessage(echoReply(4), 4, other, HOST)).toBeUndefined()
    const shifted = echoReply(4)
    shifted[7] = 0
    expect(readMessage(shifted, 4, MARK, HOST)).toBeUndefined()
  })

  it('is matched whatever its identifier where the kernel sets that', () => {
    const answer = readMessage(echoReply(4), 4, { ...MARK, identifier: undefined }, HOST)
    expect(answer?.kind).toBe('reply')
  })
})

describe('an ICMP error', () => {
  it.each([
    [3, 0, { kind: 'unreachable', code: 0 }],
    [3, 13, { kind: 'unreachable', code: 13 }],
    [3, 4, { kind: 'unreachable', code: 4 }],
    [11, 0, { kind: 'ttl-exceeded' }],
  ])('of IPv4 type %i code %i is read with its router and our echo', (type, code, error) => {
    const quoted = ipv4(ROUTER, HOST, echoRequest(4))
    const packet = ipv4(ROUTER, HOST, icmpErrorOf(type, code, quoted))
    expect(readIpv4Packet(packet, MARK)).toEqual({
      kind: 'error',
      error,
      from: ROUTER,
      quote: { destination: HOST, sequence: 0x0304, echo: ECHO },
    })
  })

  it.each([
    [1, 3, { kind: 'unreachable', code: 3 }],
    [2, 0, { kind: 'unreachable', code: 4 }],
    [3, 0, { kind: 'ttl-exceeded' }],
  ])('of IPv6 type %i code %i is read with its router and our echo', (type, code, error) => {
    const message = icmpErrorOf(type, code, ipv6(HOST_6, echoRequest(6)))
    expect(readMessage(message, 6, MARK, ROUTER_6)).toEqual({
      kind: 'error',
      error,
      from: ROUTER_6,
      quote: { destination: HOST_6, sequence: 0x0304, echo: ECHO },
    })
  })

  it('that quotes only 8 bytes of our echo still tells destination and sequence', () => {
    const quoted = ipv4(ROUTER, HOST, echoRequest(4)).subarray(0, 28)
    const packet = ipv4(ROUTER, HOST, icmpErrorOf(3, 1, quoted))
    expect(readIpv4Packet(packet, MARK)).toMatchObject({
      quote: { destination: HOST, sequence: 0x0304, echo: undefined },
    })
  })

  it("about another program's packet is ignored", () => {
    const foreign = echoRequest(4)
    foreign[5] = 0
    const udp = ipv4(ROUTER, HOST, echoRequest(4))
    udp[9] = 17
    for (const quoted of [ipv4(ROUTER, HOST, foreign), udp]) {
      const packet = ipv4(ROUTER, HOST, icmpErrorOf(3, 1, quoted))
      expect(readIpv4Packet(packet, MARK)).toBeUndefined()
    }
  })
})

it('reads any bytes without failing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      readIpv4Packet(bytes, MARK)
      readMessage(bytes, 4, MARK, HOST)
      readMessage(bytes, 6, { ...MARK, identifier: undefined }, HOST_6)
    }),
  )
})
