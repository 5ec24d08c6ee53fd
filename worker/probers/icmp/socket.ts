// One ICMP socket: raw where allowed, else datagram; its options and its drops.
import { close, errno, readOption, setOption, socket } from './libc.ts'
import type { Family } from './packet.ts'

export type IcmpSocket = {
  readonly fd: number
  readonly family: Family
  readonly kind: 'raw' | 'datagram'
  /** Sets what the next packets carry; costs system calls only when it differs from before. */
  setManner(manner: Manner): void
  /** Replies dropped since the socket was opened because its buffer was full. */
  receiveDrops(): number
  close(): void
}

export type Manner = { ttl: number; dscp: number; dontFragment: boolean }

// Numbers of Linux (asm-generic), the same on x64 and arm64.
const ADDRESS_FAMILY = { 4: 2, 6: 10 } as const
const PROTOCOL = { 4: 1, 6: 58 } as const
const SOCK = { datagram: 2, raw: 3 } as const
const SOCK_NONBLOCK_CLOEXEC = 0o2004000
const SOL_SOCKET = 1
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33
const SO_TIMESTAMPNS = 35
const SO_MEMINFO = 55
const MEMINFO_DROPS = 8
const PMTU_DISCOVERY = { off: 0, probe: 3 } as const
const OPTION = {
  4: { level: 0, tos: 1, ttl: 2, mtuDiscovery: 10, receiveErrors: 11 },
  6: { level: 41, tos: 67, ttl: 16, mtuDiscovery: 23, receiveErrors: 25 },
} as const
const IPV6_DONTFRAG = 62

const RECEIVE_BUFFER_BYTES = 8 << 20
// Echoes to dead neighbours wait 3 s in it for an answer to ARP; they must not crowd out the others.
const SEND_BUFFER_BYTES = 64 << 20

/** Opens the family's socket; returns the errno of the last refusal where neither kind is allowed. */
export function openIcmpSocket(family: Family): IcmpSocket | { refusedErrno: number } {
  for (const kind of ['raw', 'datagram'] as const) {
    const type = SOCK[kind] | SOCK_NONBLOCK_CLOEXEC
    const fd = socket(ADDRESS_FAMILY[family], type, PROTOCOL[family])
    if (fd >= 0) return prepare(fd, family, kind)
  }
  return { refusedErrno: errno() }
}

function prepare(fd: number, family: Family, kind: 'raw' | 'datagram'): IcmpSocket {
  enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER_BYTES)
  enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER_BYTES)
  setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, [1])
  if (kind === 'raw') passOnlyAnswers(fd, family)
  else setOption(fd, OPTION[family].level, OPTION[family].receiveErrors, [1])

  let manner: Manner | undefined
  return {
    fd,
    family,
    kind,
    setManner(next) {
      if (manner?.ttl !== next.ttl)
        setOption(fd, OPTION[family].level, OPTION[family].ttl, [next.ttl])
      if (manner?.dscp !== next.dscp) {
        setOption(fd, OPTION[family].level, OPTION[family].tos, [next.dscp << 2])
      }
      if (manner?.dontFragment !== next.dontFragment) setDontFragment(fd, family, next.dontFragment)
      manner = next
    },
    // SO_RXQ_OVFL tells of drops only with the next packet that fits; this tells at once.
    receiveDrops: () => readOption(fd, SOL_SOCKET, SO_MEMINFO, MEMINFO_DROPS),
    close: () => void close(fd),
  }
}

// Without CAP_NET_ADMIN the kernel caps a buffer at net.core.rmem_max.
function enlarge(fd: number, forced: number, plain: number, bytes: number): void {
  if (!setOption(fd, SOL_SOCKET, forced, [bytes])) setOption(fd, SOL_SOCKET, plain, [bytes])
}

// A set bit blocks a type. Our own requests on loopback would otherwise come back to us.
function passOnlyAnswers(fd: number, family: Family): void {
  if (family === 4) {
    setOption(fd, 255, 1, [~((1 << 0) | (1 << 3) | (1 << 11)) >>> 0])
    return
  }
  const blocked = new Array<number>(8).fill(0xffffffff)
  blocked[0] = ~((1 << 1) | (1 << 2) | (1 << 3)) >>> 0
  blocked[4] = ~(1 << (129 - 128)) >>> 0
  setOption(fd, PROTOCOL[6], 1, blocked)
}

// PROBE sets the bit and ignores the cached path MTU: each echo asks the path anew.
function setDontFragment(fd: number, family: Family, dontFragment: boolean): void {
  const { level, mtuDiscovery } = OPTION[family]
  setOption(fd, level, mtuDiscovery, [dontFragment ? PMTU_DISCOVERY.probe : PMTU_DISCOVERY.off])
  if (family === 6) setOption(fd, level, IPV6_DONTFRAG, [dontFragment ? 1 : 0])
}
