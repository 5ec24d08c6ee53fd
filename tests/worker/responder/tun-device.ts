// A network device of ours: what the kernel sends to it we read, what we write it receives.
import { execFileSync } from 'node:child_process'
import koffi from 'koffi'
import { addressOf } from '../../../worker/probers/icmp/libc.ts'

export type TunDevice = {
  /** The next packet that waits, valid until the next call; undefined when none does. */
  read(): Uint8Array | undefined
  write(packet: Uint8Array): void
  /** Sleeps until a packet waits, at most so long. */
  wait(milliseconds: number): void
}

const libc = koffi.load(null)
const open = libc.func('int open(const char *path, int flags)')
const ioctl = libc.func('int ioctl(int fd, unsigned long request, uintptr_t argument)')
const read = libc.func('intptr_t read(int fd, uintptr_t bytes, size_t n)')
const write = libc.func('intptr_t write(int fd, uintptr_t bytes, size_t n)')
const ppoll = libc.func(
  'int ppoll(uintptr_t polled, unsigned long n, uintptr_t time, uintptr_t mask)',
)

const O_RDWR_NONBLOCK = 0o4002
const TUNSETIFF = 0x4004_54ca
const IFF_TUN_WITHOUT_HEADER = 0x1001
const POLLIN = 1
const PACKET_BYTES = 65_536

/** Makes a device with these networks behind it; it goes when the process ends. */
export function openTunDevice(name: string, own: string[], networks: string[]): TunDevice {
  const fd: number = open('/dev/net/tun', O_RDWR_NONBLOCK)
  const request = new Uint8Array(new ArrayBuffer(40))
  request.set(Buffer.from(name))
  new DataView(request.buffer).setUint16(16, IFF_TUN_WITHOUT_HEADER, true)
  if (fd < 0 || ioctl(fd, TUNSETIFF, addressOf(request.buffer)) < 0) {
    throw new Error('No TUN device can be made here.')
  }
  ip('link', 'set', name, 'up', 'txqueuelen', '10000')
  for (const address of own) ip('address', 'add', address, 'dev', name, 'nodad')
  for (const network of networks) ip('route', 'add', network, 'dev', name)

  const incoming = new Uint8Array(new ArrayBuffer(PACKET_BYTES))
  const outgoing = new Uint8Array(new ArrayBuffer(PACKET_BYTES))
  const polled = new Int32Array(new ArrayBuffer(8))
  const time = new BigInt64Array(new ArrayBuffer(16))
  const [incomingAt, outgoingAt] = [addressOf(incoming.buffer), addressOf(outgoing.buffer)]
  const [polledAt, timeAt] = [addressOf(polled.buffer), addressOf(time.buffer)]

  return {
    read() {
      const length: number = read(fd, incomingAt, PACKET_BYTES)
      return length > 0 ? incoming.subarray(0, length) : undefined
    },
    write(packet) {
      outgoing.set(packet)
      write(fd, outgoingAt, packet.length)
    },
    wait(milliseconds) {
      polled.set([fd, POLLIN])
      time.set([0n, BigInt(Math.max(0, Math.floor(milliseconds * 1e6)))])
      ppoll(polledAt, 1, timeAt, 0)
    },
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' })
}
