// Memory for a batch of packets, laid out as recvmmsg fills it on 64-bit Linux.
import { addressOf } from './libc.ts'

export type MessageBlock = {
  /** Where the headers lie. */
  readonly address: number
  names: Uint8Array
  data: Uint8Array
  control: Uint8Array
  /** The kernel overwrites lengths with what it filled; this gives it the whole room again. */
  prepare(): void
  dataLength(index: number): number
  controlLength(index: number): number
}

export type MessageBlockShape = {
  count: number
  nameBytes: number
  dataBytes: number
  controlBytes: number
}

// Words of struct mmsghdr: name 0, namelen 2, iov 4, iovlen 6, control 8, controllen 10, flags 12,
// bytes transferred 14. glibc and musl agree on x64 and arm64.
const HEADER_WORDS = 16
const IOV_WORDS = 4

export function createMessageBlock(shape: MessageBlockShape): MessageBlock {
  const { count, nameBytes, dataBytes, controlBytes } = shape
  const headers = new Uint32Array(new ArrayBuffer(count * HEADER_WORDS * 4))
  const vectors = new Uint32Array(new ArrayBuffer(count * IOV_WORDS * 4))
  const names = new Uint8Array(new ArrayBuffer(count * nameBytes))
  const data = new Uint8Array(new ArrayBuffer(count * dataBytes))
  const control = new Uint8Array(new ArrayBuffer(count * controlBytes))

  for (let index = 0; index < count; index += 1) {
    const header = index * HEADER_WORDS
    setPointer(headers, header, addressOf(names.buffer) + index * nameBytes)
    setPointer(headers, header + 4, addressOf(vectors.buffer) + index * IOV_WORDS * 4)
    headers[header + 6] = 1
    setPointer(headers, header + 8, addressOf(control.buffer) + index * controlBytes)
    setPointer(vectors, index * IOV_WORDS, addressOf(data.buffer) + index * dataBytes)
  }

  return {
    address: addressOf(headers.buffer),
    names,
    data,
    control,
    prepare() {
      for (let index = 0; index < count; index += 1) {
        const header = index * HEADER_WORDS
        headers[header + 2] = nameBytes
        headers[header + 10] = controlBytes
        vectors[index * IOV_WORDS + 2] = dataBytes
      }
    },
    dataLength: (index) => headers[index * HEADER_WORDS + 14] ?? 0,
    controlLength: (index) => headers[index * HEADER_WORDS + 10] ?? 0,
  }
}

function setPointer(words: Uint32Array, word: number, address: number): void {
  words[word] = address >>> 0
  words[word + 1] = Math.floor(address / 2 ** 32)
}
