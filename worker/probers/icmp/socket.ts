// One ICMP socket: raw where allowed, else datagram; its options, its queue, its drops.
import { filterByTag, passAnswers, passNothing } from './answer-filter.ts'
import { ADDRESS_FAMILY, type Destination, SOCKADDR_BYTES } from './destination.ts'
import { bindTo, close, errno, readOptions, setOption, socket } from './libc.ts'
import type { Family } from './packet.ts'

export type IcmpSocket = {
  readonly fd: number
  readonly family: Family
  readonly kind: 'raw' | 'datagram'
  /** Sets what the next packets carry; costs system calls only when it differs from before. */
  setManner(manner: Manner): void
  queue(): ReceiveQueue
  close(): void
}

export type Manner = { ttl: number; dscp: number; dontFragment: boolean }

export type ReceiveQueue = {
  /** Memory that packets waiting to be read take, of how much there is. */
  usedBytes: number
  roomBytes: number
  /** Packets thrown away since the socket was opened, in 32 bits: no room, or, IPv6, a wrong checksum. */
  drops: number
}

export type IcmpSocketOptions = {
  family: Family
  /** Echo replies without it are not ours: a raw socket is given those of every program. */
  tag: number
  /** The address that packets leave with; undefined lets the route decide. */
  source: Destination | undefined
  /** A raw socket that only sends: another one hears the answers. */
  isDeaf: boolean
}

// Numbers of Linux (asm-generic), the same on x64 and arm64.
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
const MEMINFO = { used: 0, room: 1, drops: 8 } as const
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
export function openIcmpSocket(options: IcmpSocketOptions): IcmpSocket | { refusedErrno: number } {
  const { family, source } = options
  for (const kind of ['raw', 'datagram'] as const) {
    const type = SOCK[kind] | SOCK_NONBLOCK_CLOEXEC
    const fd = socket(ADDRESS_FAMILY[family], type, PROTOCOL[family])
    if (fd < 0) continue
    if (!source || bindTo(fd, source.sockaddr, SOCKADDR_BYTES[family]))
      return prepare(fd, kind, options)
    const refusedErrno = errno()
    close(fd)
    return { refusedErrno }
  }
  return { refusedErrno: errno() }
}

function prepare(fd: number, kind: 'raw' | 'datagram', options: IcmpSocketOptions): IcmpSocket {
  const { family } = options
  enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER_BYTES)
  enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER_BYTES)
  setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, [1])
  if (kind === 'datagram') setOption(fd, OPTION[family].level, OPTION[family].receiveErrors, [1])
  else if (options.isDeaf) passNothing(fd, family)
  else {
    passAnswers(fd, family)
    filterByTag(fd, family, options.tag)
  }

  let manner: Manner | undefined
  return {
    fd,
    family,
    kind,
    setManner(next) {
      const { level, ttl, tos } = OPTION[family]
      if (manner?.ttl !== next.ttl) setOption(fd, level, ttl, [next.ttl])
      if (manner?.dscp !== next.dscp) setOption(fd, level, tos, [next.dscp << 2])
      if (manner?.dontFragment !== next.dontFragment) setDontFragment(fd, family, next.dontFragment)
      manner = next
    },
    // SO_RXQ_OVFL tells of drops only with the next packet that fits; this tells at once.
    queue() {
      const words = readOptions(fd, SOL_SOCKET, SO_MEMINFO)
      const word = (place: number) => words[place] ?? 0
      return {
        usedBytes: word(MEMINFO.used),
        roomBytes: word(MEMINFO.room),
        drops: word(MEMINFO.drops),
      }
    },
    close: () => void close(fd),
  }
}

// Without CAP_NET_ADMIN the kernel caps a buffer at net.core.rmem_max.
function enlarge(fd: number, forced: number, plain: number, bytes: number): void {
  if (!setOption(fd, SOL_SOCKET, forced, [bytes])) setOption(fd, SOL_SOCKET, plain, [bytes])
}

// PROBE sets the bit and ignores the cached path MTU: each echo asks the path anew.
function setDontFragment(fd: number, family: Family, dontFragment: boolean): void {
  const { level, mtuDiscovery } = OPTION[family]
  setOption(fd, level, mtuDiscovery, [dontFragment ? PMTU_DISCOVERY.probe : PMTU_DISCOVERY.off])
  if (family === 6) setOption(fd, level, IPV6_DONTFRAG, [dontFragment ? 1 : 0])
}
