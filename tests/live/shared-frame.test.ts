import { describe, expect, it } from 'vitest'
import { bytesOf, shareFrame } from '#lib/live/shared-frame.ts'

describe('a frame on the wire', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
    'of %i characters is one whole text message to a WebSocket reader, its length in the fewest bytes',
    (length) => {
      const text = 'x'.repeat(length)
      const bytes = bytesOf(text, 'websocket')
      expect(bytes.length - length).toBe(length < 126 ? 2 : length < 65_536 ? 4 : 10)
      expect(readMessage(bytes)).toBe(text)
    },
  )

  it('counts its length in bytes, not in characters', () => {
    const text = JSON.stringify({ label: '回音壁 🏓'.repeat(20) })
    expect(readMessage(bytesOf(text, 'websocket'))).toBe(text)
  })

  it('is one event to a stream', () => {
    expect(bytesOf('{"a":1}', 'sse').toString()).toBe('data: {"a":1}\n\n')
    expect(() => bytesOf('{\n}', 'sse')).toThrow(TypeError)
  })

  it('is made once for all who share it, and for each wire apart', () => {
    const shared = shareFrame('{"a":1}')
    expect(bytesOf(shared, 'websocket')).toBe(bytesOf(shared, 'websocket'))
    expect(bytesOf(shared, 'sse')).toBe(bytesOf(shared, 'sse'))
    expect(bytesOf(shared, 'sse')).not.toEqual(bytesOf(shared, 'websocket'))
  })
})

// RFC 6455 section 5.2: a final text frame without a mask, its length in 7, 16 or 64 bits.
function readMessage(bytes: Buffer): string {
  expect(bytes[0]).toBe(0x81)
  const short = bytes.readUInt8(1)
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  const long =
    start === 4 ? bytes.readUInt16BE(2) : Number(start === 10 && bytes.readBigUInt64BE(2))
  expect(bytes.length - start).toBe(start === 2 ? short : long)
  return bytes.subarray(start).toString()
}
