import { describe, expect, it } from 'vitest'
import { readPingLine } from '../../../worker/probers/ping-output.ts'

const reply = { kind: 'reply', isDuplicate: false }

describe('a line of iputils', () => {
  it.each([
    [
      '[1795363489.177499] 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.027 ms',
      { ...reply, sequence: 1, rttMs: 0.027, printedAtMs: 1_795_363_489_177.499 },
    ],
    [
      '64 bytes from ::1: icmp_seq=65535 ttl=64 time=12 ms',
      { ...reply, sequence: 65_535, rttMs: 12 },
    ],
    [
      '64 bytes from 10.0.0.1: icmp_seq=7 ttl=64 time=1.5 ms (DUP!)',
      { ...reply, sequence: 7, rttMs: 1.5, isDuplicate: true },
    ],
    ['no answer yet for icmp_seq=12', { kind: 'silent', sequence: 12 }],
    [
      'From 10.0.0.254 icmp_seq=3 Destination Host Unreachable',
      { kind: 'unreachable', sequence: 3, from: '10.0.0.254', code: 1 },
    ],
    [
      'From 10.0.0.254 icmp_seq=3 Packet filtered',
      { kind: 'unreachable', sequence: 3, from: '10.0.0.254', code: 13 },
    ],
    [
      'From 10.0.0.254 icmp_seq=3 Frag needed and DF set (mtu = 1400)',
      { kind: 'unreachable', sequence: 3, from: '10.0.0.254', code: 4 },
    ],
    [
      'From fd00::fe icmp_seq=2 Destination unreachable: No route',
      { kind: 'unreachable', sequence: 2, from: 'fd00::fe', code: 0 },
    ],
    [
      'From 10.0.0.254 icmp_seq=4 Time to live exceeded',
      { kind: 'ttl-exceeded', sequence: 4, from: '10.0.0.254' },
    ],
    [
      'From fd00::fe icmp_seq=4 Time exceeded: Hop limit',
      { kind: 'ttl-exceeded', sequence: 4, from: 'fd00::fe' },
    ],
    ['ping: sendmsg: Network is unreachable', { kind: 'unsent' }],
    ['ping: local error: message too long, mtu=1400', { kind: 'unsent' }],
  ])('says what became of an echo: %s', (line, meaning) => {
    expect(readPingLine(line)).toMatchObject(meaning)
  })
})

describe('a line of BusyBox or macOS', () => {
  it.each([
    [
      '64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.045 ms',
      { ...reply, sequence: 0, rttMs: 0.045 },
    ],
    [
      '64 bytes from 10.0.0.1: seq=5 ttl=64 time=3.100 ms (DUP!)',
      { ...reply, sequence: 5, isDuplicate: true },
    ],
    ['ping: sendto: Network unreachable', { kind: 'unsent' }],
    [
      '64 bytes from 17.1.2.3: icmp_seq=0 ttl=55 time=9.1 ms',
      { ...reply, sequence: 0, rttMs: 9.1 },
    ],
    [
      '16 bytes from ::1, icmp_seq=2 hlim=64 time=0.067 ms',
      { ...reply, sequence: 2, rttMs: 0.067 },
    ],
    ['Request timeout for icmp_seq 3', { kind: 'silent', sequence: 3 }],
    [
      '92 bytes from 10.0.0.254: Destination Net Unreachable',
      { kind: 'unreachable', sequence: undefined, from: '10.0.0.254', code: 0 },
    ],
    [
      '36 bytes from 10.0.0.254: Communication prohibited by filter',
      { kind: 'unreachable', from: '10.0.0.254', code: 13 },
    ],
    [
      '36 bytes from 10.0.0.254: frag needed and DF set (MTU 1400)',
      { kind: 'unreachable', from: '10.0.0.254', code: 4 },
    ],
    [
      '36 bytes from 10.0.0.254: Dest Unreachable, Bad Code: 10',
      { kind: 'unreachable', from: '10.0.0.254', code: 10 },
    ],
    [
      '36 bytes from 10.0.0.254: Time to live exceeded',
      { kind: 'ttl-exceeded', sequence: undefined, from: '10.0.0.254' },
    ],
  ])('says what became of an echo: %s', (line, meaning) => {
    expect(readPingLine(line)).toMatchObject(meaning)
  })
})

it.each([
  'PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.',
  '--- 127.0.0.1 ping statistics ---',
  '5 packets transmitted, 5 received, 0% packet loss, time 4004ms',
  'rtt min/avg/max/mdev = 0.027/0.039/0.045/0.006 ms',
  'round-trip min/avg/max = 0.045/0.067/0.089 ms',
  '64 bytes from 10.0.0.1: icmp_seq=7 ttl=64 time=1.5 ms (BAD CHECKSUM!)',
  'From 10.0.0.254 icmp_seq=3 Redirect Host(New nexthop: 10.0.0.253)',
  'From fd00::fe icmp_seq=4 Time exceeded: Defragmentation failure',
  'ping: warning: got ICMP 3 (Destination Unreachable)',
  'Vr HL TOS  Len   ID Flg  off TTL Pro  cks      Src      Dst',
  ' 4  5  00 5400 6a5e   0 0000  01  01 0000 10.0.0.1  10.9.9.9',
  '',
])('a line that tells nothing of an echo is passed over: %s', (line) => {
  expect(readPingLine(line)).toBeUndefined()
})
