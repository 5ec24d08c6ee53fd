// Hears the echo requests to one address of loopback, and answers them once more.
import * as libc from '../../../../worker/probers/icmp/libc.ts'
import { createMessageBlock } from '../../../../worker/probers/icmp/message-block.ts'
import { checksum } from '../../../../worker/probers/icmp/packet.ts'

export type Forger = NonNullable<ReturnType<typeof openForger>>

const ECHO_REQUEST = 8
const IP_HEADER_BYTES = 20
const PACKET_BYTES = 2_048

/** Undefined where no raw socket may be opened. */
export function openForger(address: number[]) {
  const fd = libc.socket(2, 3, 1)
  if (fd < 0) return undefined
  const heard = createMessageBlock({
    count: 1,
    nameBytes: 16,
    dataBytes: PACKET_BYTES,
    controlBytes: 64,
  })
  const forged = new Uint8Array(new ArrayBuffer(PACKET_BYTES))
  const target = new Uint8Array(new ArrayBuffer(16))
  target.set([2, 0, 0, 0, 127, 0, 0, 1])

  return {
    hear(): Uint8Array | undefined {
      heard.prepare()
      if (libc.recvmmsg(fd, heard.address, 1, 0x40, 0) !== 1) return undefined
      const echo = heard.data.slice(IP_HEADER_BYTES, heard.dataLength(0))
      const isOurs =
        echo[0] === ECHO_REQUEST && address.every((byte, at) => heard.data[16 + at] === byte)
      return isOurs ? echo : undefined
    },
    /** Of the request heard last. */
    header() {
      const [, tos = 0, , , , , flags = 0, , ttl = 0] = heard.data
      const payloadBytes = heard.dataLength(0) - IP_HEADER_BYTES - 8
      return { ttl, dscp: tos >> 2, dontFragment: (flags & 0x40) !== 0, payloadBytes }
    },
    source: () => heard.data.slice(12, 16).join('.'),
    answer(echo: Uint8Array, { nonceShift }: { nonceShift: number }): void {
      echo[0] = 0
      echo[23] = (echo[23] ?? 0) + nonceShift
      echo.set([0, 0], 2)
      const sum = checksum(echo)
      echo.set([sum >> 8, sum & 0xff], 2)
      forged.set(echo)
      const [packet, name] = [libc.addressOf(forged.buffer), libc.addressOf(target.buffer)]
      libc.sendto(fd, packet, echo.length, 0, name, target.length)
    },
    close: () => void libc.close(fd),
  }
}
