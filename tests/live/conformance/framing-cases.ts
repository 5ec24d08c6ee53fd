// The catalogue, framing: lengths, masks, reserved bits, opcodes, ping and pong.
import { binary, frame, OPCODE, ping, pong, text } from './frame-bytes.ts'
import { type ConformanceCase, follow, SILENT } from './played-case.ts'

const { continuation, text: TEXT, binary: BINARY, close, ping: PING, pong: PONG } = OPCODE
const FAILED = ['close 1002', 'end']

/** A `follow` of topic `x` whose frame has exactly this many bytes: JSON allows blanks behind it. */
export const followOfBytes = (bytes: number) => follow('x').padEnd(bytes)

const lengths: ConformanceCase[] = [
  ...[125, 126, 127, 128, 65_535, 65_536].map((bytes) => ({
    name: `a text message of ${bytes} bytes`,
    rfc: '5.2',
    send: text(followOfBytes(bytes)),
    expect: ['denied x'],
  })),
  ...([16, 64] as const).map((lengthForm) => ({
    name: `a short length written in ${lengthForm} bits`,
    rfc: '5.2',
    send: frame({ opcode: TEXT, payload: follow('x'), lengthForm }),
    expect: ['denied x'],
    deviation: 'The shortest form is a must for senders; ws, as a receiver, takes any.',
  })),
  {
    name: 'a 64-bit length with its highest bit set',
    rfc: '5.2',
    send: frame({ opcode: TEXT, length: 1n << 63n }),
    expect: ['close 1009', 'end'],
    deviation: 'Such a length is malformed (1002); ws calls it too large.',
  },
]

const masks: ConformanceCase[] = [
  {
    name: 'a mask of zeros',
    rfc: '5.3',
    send: frame({ opcode: TEXT, payload: follow('x'), mask: Buffer.alloc(4) }),
    expect: ['denied x'],
  },
  ...[TEXT, BINARY, close, PING, PONG].map((opcode) => ({
    name: `an unmasked frame of opcode ${opcode}`,
    rfc: '5.1',
    send: frame({ opcode, payload: opcode === TEXT ? SILENT : '', mask: undefined }),
    expect: FAILED,
  })),
]

const reservedBits: ConformanceCase[] = [1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
  ...[TEXT, BINARY, close, PING, PONG].map((opcode) => ({
    name: `reserved bits ${rsv} on a frame of opcode ${opcode}`,
    rfc: '5.2',
    send: frame({ opcode, rsv, payload: opcode === TEXT ? SILENT : '' }),
    expect: FAILED,
  })),
  {
    name: `reserved bits ${rsv} on the second fragment`,
    rfc: '5.2',
    send: [
      frame({ opcode: TEXT, fin: false, payload: SILENT }),
      frame({ opcode: continuation, rsv }),
    ],
    expect: FAILED,
  },
])

const opcodes: ConformanceCase[] = [
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) =>
    ['', 'hello'].map((payload) => ({
      name: `reserved opcode ${opcode} with ${payload.length} bytes`,
      rfc: '5.2',
      send: frame({ opcode, payload }),
      expect: FAILED,
    })),
  ),
  {
    name: 'what came before a reserved opcode is answered, what comes after is not',
    rfc: '7.1.7',
    send: [ping('before'), frame({ opcode: 3 }), ping('after')],
    expect: [`pong ${hex('before')}`, ...FAILED],
  },
]

const pings: ConformanceCase[] = [
  { name: 'a ping without payload', rfc: '5.5.2', send: ping(), expect: ['pong'] },
  {
    name: 'a ping with text',
    rfc: '5.5.3',
    send: ping('hello'),
    expect: [`pong ${hex('hello')}`],
  },
  {
    name: 'a ping whose payload is no UTF-8',
    rfc: '5.5.3',
    send: ping(Buffer.of(0, 0xff, 0xfe, 0xfd, 0)),
    expect: ['pong 00fffefd00'],
  },
  {
    name: 'a ping of 125 bytes',
    rfc: '5.5',
    send: ping('p'.repeat(125)),
    expect: [`pong ${hex('p'.repeat(125))}`],
  },
  ...[PING, PONG, close].map((opcode) => ({
    name: `a control frame of opcode ${opcode} with 126 bytes`,
    rfc: '5.5',
    send: frame({ opcode, payload: Buffer.alloc(126, 0x03) }),
    expect: FAILED,
  })),
  {
    name: 'ten pings at once',
    rfc: '5.5.3',
    send: Array.from({ length: 10 }, (_, i) => ping(String(i))),
    expect: Array.from({ length: 10 }, (_, i) => `pong ${hex(String(i))}`),
  },
  { name: 'a pong nobody asked for', rfc: '5.5.3', send: pong('why'), expect: [] },
  {
    name: 'a pong nobody asked for, then a ping',
    rfc: '5.5.3',
    send: [pong(), ping('real')],
    expect: [`pong ${hex('real')}`],
  },
]

const kinds: ConformanceCase[] = [
  { name: 'a silent frame of echowall.v1', rfc: '5.6', send: text(SILENT), expect: [] },
  {
    name: 'two messages in one packet',
    rfc: '5.6',
    send: [text(follow('a')), text(follow('b'))],
    expect: ['denied a', 'denied b'],
  },
  {
    name: 'an empty text message, which is no frame of echowall.v1',
    rfc: '5.6',
    send: text(''),
    expect: ['bye 4500', 'close 4500 A frame is one JSON object.', 'end'],
  },
  ...['', 'hello', SILENT].map((payload) => ({
    name: `a binary message of ${payload.length} bytes`,
    rfc: '7.4.1',
    send: binary(payload),
    expect: ['close 1003 Text frames only.', 'end'],
  })),
]

export const FRAMING_CASES = [...lengths, ...masks, ...reservedBits, ...opcodes, ...pings, ...kinds]

function hex(payload: string): string {
  return Buffer.from(payload).toString('hex')
}
