// The catalogue, fragmentation: messages in pieces, control frames between them, limits.
import { fragments, frame, OPCODE, ping, pong, text } from './frame-bytes.ts'
import { followOfBytes } from './framing-cases.ts'
import { type ConformanceCase, follow, SILENT } from './played-case.ts'

const { continuation, text: TEXT, binary: BINARY, close, ping: PING, pong: PONG } = OPCODE
const FAILED = ['close 1002', 'end']
const TOO_LARGE = ['close 1009', 'end']
const MAX_BYTES = 65_536

const X = follow('x')
const everyByte = Array.from(X, (_, i) => i).slice(1)
const nothing = frame({ opcode: continuation, fin: false })

const whole: ConformanceCase[] = [
  { name: 'two fragments', rfc: '5.4', send: fragments(X, 9), expect: ['denied x'] },
  { name: 'a fragment a byte', rfc: '5.4', send: fragments(X, ...everyByte), expect: ['denied x'] },
  {
    name: 'empty fragments before, between and after',
    rfc: '5.4',
    send: fragments(X, 0, 0, 9, 9, X.length),
    expect: ['denied x'],
  },
  {
    name: 'a message of empty fragments, which is no frame of echowall.v1',
    rfc: '5.4',
    send: fragments('', 0, 0),
    expect: ['bye 4500', 'close 4500 A frame is one JSON object.', 'end'],
  },
  {
    name: 'a binary message in fragments',
    rfc: '7.4.1',
    send: [
      frame({ opcode: BINARY, fin: false, payload: 'a' }),
      frame({ opcode: continuation, payload: 'b' }),
    ],
    expect: ['close 1003 Text frames only.', 'end'],
  },
]

const between: ConformanceCase[] = [
  {
    name: 'a ping between two fragments is answered before the message',
    rfc: '5.4',
    send: insert(fragments(X, 9), ping('in')),
    expect: ['pong 696e', 'denied x'],
  },
  {
    name: 'pings between all fragments',
    rfc: '5.5',
    send: fragments(X, 9, 18).flatMap((part, i) => (i === 0 ? [part] : [ping('1'), part])),
    expect: ['pong 31', 'pong 31', 'denied x'],
  },
  {
    name: 'a pong nobody asked for between two fragments',
    rfc: '5.4',
    send: insert(fragments(X, 9), pong('in')),
    expect: ['denied x'],
  },
  {
    name: 'a close between two fragments ends the unfinished message',
    rfc: '5.5.1',
    send: insert(fragments(X, 9), frame({ opcode: close })),
    expect: ['close', 'end'],
  },
]

const broken: ConformanceCase[] = [
  ...[PING, PONG, close].flatMap((opcode) =>
    ['', 'ab'].map((payload) => ({
      name: `a fragmented control frame of opcode ${opcode} with ${payload.length} bytes`,
      rfc: '5.5',
      send: [frame({ opcode, fin: false, payload }), frame({ opcode: continuation })],
      expect: FAILED,
    })),
  ),
  ...[true, false].map((fin) => ({
    name: `a continuation of nothing, ${fin ? 'last' : 'not last'}`,
    rfc: '5.4',
    send: frame({ opcode: continuation, fin, payload: SILENT }),
    expect: FAILED,
  })),
  {
    name: 'a continuation behind a finished message',
    rfc: '5.4',
    send: [text(SILENT), frame({ opcode: continuation, payload: SILENT })],
    expect: FAILED,
  },
  ...[TEXT, BINARY].map((opcode) => ({
    name: `a new message of opcode ${opcode} inside an unfinished one`,
    rfc: '5.4',
    send: [frame({ opcode: TEXT, fin: false, payload: '{' }), frame({ opcode, payload: SILENT })],
    expect: FAILED,
  })),
  {
    name: 'an unfinished message leaves pings answered',
    rfc: '5.4',
    send: [frame({ opcode: TEXT, fin: false, payload: '{' }), ping(), close1000()],
    expect: ['pong', 'close 1000', 'end'],
  },
]

const limits: ConformanceCase[] = [
  {
    name: 'a message of 64 KiB in fragments',
    rfc: '10.4',
    send: fragments(followOfBytes(MAX_BYTES), 1, 40_000),
    expect: ['denied x'],
  },
  {
    name: 'one byte more than 64 KiB',
    rfc: '10.4',
    send: text(followOfBytes(MAX_BYTES + 1)),
    expect: TOO_LARGE,
  },
  {
    name: 'one byte more than 64 KiB, in fragments',
    rfc: '10.4',
    send: fragments(followOfBytes(MAX_BYTES + 1), MAX_BYTES),
    expect: TOO_LARGE,
  },
  {
    name: 'a binary message larger than 64 KiB',
    rfc: '10.4',
    send: frame({ opcode: BINARY, payload: Buffer.alloc(MAX_BYTES + 1) }),
    expect: TOO_LARGE,
  },
  {
    name: 'a message of 2 MB',
    rfc: '7.4.1',
    send: text('x'.repeat(2 * 1024 * 1024)),
    expect: TOO_LARGE,
  },
  {
    name: 'a frame that announces a terabyte and sends nothing',
    rfc: '10.4',
    send: frame({ opcode: TEXT, length: 1n << 40n }),
    expect: TOO_LARGE,
  },
  {
    name: 'more than 16,384 fragments of one message',
    rfc: '7.4.1',
    send: [frame({ opcode: TEXT, fin: false }), ...Array(16_384).fill(nothing)],
    expect: ['close 1008', 'end'],
  },
]

export const FRAGMENTATION_CASES = [...whole, ...between, ...broken, ...limits]

function insert(parts: Buffer[], between: Buffer): Buffer[] {
  const [first = Buffer.alloc(0), ...rest] = parts
  return [first, between, ...rest]
}

function close1000(): Buffer {
  return frame({ opcode: close, payload: Buffer.of(0x03, 0xe8) })
}
