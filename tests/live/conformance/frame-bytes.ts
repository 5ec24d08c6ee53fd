// Frames of RFC 6455 section 5 as bytes: right ones, wrong ones, and those that come back.
import { TextDecoder } from 'node:util'

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export type FrameParts = {
  opcode: number
  payload?: string | Uint8Array
  /** Last fragment of its message; true unless said. */
  fin?: boolean
  /** The three reserved bits as a number from 0 to 7. */
  rsv?: number
  /** Undefined for a frame that is not masked, as no client may send it. */
  mask?: Uint8Array | undefined
  /** The form of the length, where it is not the shortest. */
  lengthForm?: 16 | 64
  /** The length that is written, where it is not that of the payload. */
  length?: bigint
}

export type ServerFrameBytes = { fin: boolean; rsv: number; opcode: number; payload: Buffer }

const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d)

/** One frame as a client sends it. */
export function frame(parts: FrameParts): Buffer {
  const { opcode, fin = true, rsv = 0, mask = 'mask' in parts ? undefined : MASK } = parts
  const payload = Buffer.from(parts.payload ?? '')
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  const length = lengthBytes(parts.length ?? BigInt(payload.length), parts.lengthForm)
  length[0] = (length[0] ?? 0) | (mask ? 0x80 : 0)
  const masked = mask ? payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)) : payload
  return Buffer.concat([Buffer.of(first), length, mask ?? Buffer.alloc(0), masked])
}

export const text = (payload: string | Uint8Array) => frame({ opcode: OPCODE.text, payload })
export const binary = (payload: string | Uint8Array) => frame({ opcode: OPCODE.binary, payload })
export const ping = (payload: string | Uint8Array = '') => frame({ opcode: OPCODE.ping, payload })
export const pong = (payload: string | Uint8Array = '') => frame({ opcode: OPCODE.pong, payload })

export function close(code?: number, reason: string | Uint8Array = ''): Buffer {
  if (code === undefined) return frame({ opcode: OPCODE.close })
  return frame({ opcode: OPCODE.close, payload: closePayload(code, reason) })
}

export function closePayload(code: number, reason: string | Uint8Array = ''): Buffer {
  return Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)])
}

/** A text message cut into frames at these offsets of its bytes. */
export function fragments(payload: string | Uint8Array, ...cuts: number[]): Buffer[] {
  const bytes = Buffer.from(payload)
  const ends = [...cuts, bytes.length]
  return ends.map((end, i) =>
    frame({
      opcode: i === 0 ? OPCODE.text : OPCODE.continuation,
      fin: i === ends.length - 1,
      payload: bytes.subarray(ends[i - 1] ?? 0, end),
    }),
  )
}

/** Takes whole frames off the front of what a server sent. Throws for a masked one (section 5.1). */
export function takeFrame(bytes: Buffer): { frame: ServerFrameBytes; rest: Buffer } | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  if (second & 0x80) throw new Error('A server never masks its frames.')
  const short = second & 0x7f
  const header = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < header) return undefined
  const length =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  if (bytes.length < header + length) return undefined
  return {
    frame: {
      fin: (first & 0x80) !== 0,
      rsv: (first >> 4) & 7,
      opcode: first & 0x0f,
      payload: bytes.subarray(header, header + length),
    },
    rest: bytes.subarray(header + length),
  }
}

/** The payload as text; throws where it is not UTF-8. */
export function utf8(payload: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload)
}

function lengthBytes(length: bigint, form: 16 | 64 | undefined): Buffer {
  if (form === 64 || length > 0xffffn) {
    const bytes = Buffer.alloc(9)
    bytes[0] = 127
    bytes.writeBigUInt64BE(length, 1)
    return bytes
  }
  if (form === 16 || length > 125n) {
    return Buffer.of(126, Number(length >> 8n), Number(length & 0xffn))
  }
  return Buffer.of(Number(length))
}
