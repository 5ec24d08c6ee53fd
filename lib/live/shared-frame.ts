// A frame that goes to many readers: its bytes on each wire are made once.

/** One frame's text on the wire of a transport. */
type Encode = (text: string) => Buffer
type Wire = 'websocket' | 'sse'

const ENCODERS: Record<Wire, Encode> = { websocket: encodeTextMessage, sse: encodeStreamEvent }

export type SharedFrame = {
  readonly text: string
  readonly length: number
  readonly bytes: Partial<Record<Wire, Buffer>>
}

/** A frame for one reader is its text alone. */
export type Frame = string | SharedFrame

export function shareFrame(text: string): SharedFrame {
  return { text, length: text.length, bytes: {} }
}

export function textOf(frame: Frame): string {
  return typeof frame === 'string' ? frame : frame.text
}

/** What goes over the wire for this frame; the same buffer for everybody who shares it. */
export function bytesOf(frame: Frame, wire: Wire): Buffer {
  if (typeof frame === 'string') return ENCODERS[wire](frame)
  frame.bytes[wire] ??= ENCODERS[wire](frame.text)
  return frame.bytes[wire]
}

const FINAL_TEXT = 0x81
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127

// RFC 6455 section 5.2: a whole, unmasked text message, its length in the fewest bytes.
function encodeTextMessage(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const start = length < LENGTH_IN_16_BITS ? 2 : length < 0x1_0000 ? 4 : 10
  const bytes = Buffer.allocUnsafe(start + length)
  bytes[0] = FINAL_TEXT
  if (start === 2) bytes[1] = length
  else if (start === 4) {
    bytes[1] = LENGTH_IN_16_BITS
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = LENGTH_IN_64_BITS
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.write(text, start)
  return bytes
}

// A frame is JSON and holds no line break; one that did would forge further events.
function encodeStreamEvent(text: string): Buffer {
  if (/[\r\n]/.test(text)) throw new TypeError('A frame holds no line break.')
  return Buffer.from(`data: ${text}\n\n`)
}
