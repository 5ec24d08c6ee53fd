// The catalogue, UTF-8: every border of RFC 3629 section 4, whole, cut, and in reasons.
import { close, fragments, frame, OPCODE, ping } from './frame-bytes.ts'
import { type ConformanceCase, follow } from './played-case.ts'

const INVALID = ['close 1007', 'end']

/** Sequences at the borders of what RFC 3629 allows. */
const VALID: Record<string, number[]> = {
  'U+0000': [0x00],
  'U+007F': [0x7f],
  'U+0080': [0xc2, 0x80],
  'U+07FF': [0xdf, 0xbf],
  'U+0800': [0xe0, 0xa0, 0x80],
  'U+D7FF, below the surrogates': [0xed, 0x9f, 0xbf],
  'U+E000, above the surrogates': [0xee, 0x80, 0x80],
  'U+FEFF, the byte order mark': [0xef, 0xbb, 0xbf],
  'U+FFFD, the replacement character': [0xef, 0xbf, 0xbd],
  'U+FFFE, a noncharacter': [0xef, 0xbf, 0xbe],
  'U+FFFF, a noncharacter': [0xef, 0xbf, 0xbf],
  'U+10000': [0xf0, 0x90, 0x80, 0x80],
  'U+1FFFE, a noncharacter': [0xf0, 0x9f, 0xbf, 0xbe],
  'U+10FFFF': [0xf4, 0x8f, 0xbf, 0xbf],
}

const MALFORMED: Record<string, number[]> = {
  'a lone continuation byte': [0x80],
  'a lone continuation byte BF': [0xbf],
  'two continuation bytes': [0x80, 0xbf],
  'a first byte of two without the second': [0xc2],
  'a first byte of three with one more': [0xe2, 0x82],
  'a first byte of four with two more': [0xf0, 0x9f, 0x98],
  'a first byte followed by ASCII': [0xc2, 0x20],
  'an overlong U+002F in two bytes': [0xc0, 0xaf],
  'an overlong U+007F in two bytes': [0xc1, 0xbf],
  'an overlong U+002F in three bytes': [0xe0, 0x80, 0xaf],
  'an overlong U+07FF in three bytes': [0xe0, 0x9f, 0xbf],
  'an overlong U+002F in four bytes': [0xf0, 0x80, 0x80, 0xaf],
  'an overlong U+FFFF in four bytes': [0xf0, 0x8f, 0xbf, 0xbf],
  'an overlong U+0000': [0xc0, 0x80],
  'the surrogate U+D800': [0xed, 0xa0, 0x80],
  'the surrogate U+DFFF': [0xed, 0xbf, 0xbf],
  'a surrogate pair': [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
  'U+110000, beyond the last': [0xf4, 0x90, 0x80, 0x80],
  'U+140000, beyond the last': [0xf5, 0x80, 0x80, 0x80],
  'a sequence of five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  'a sequence of six bytes': [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
  'the byte FE': [0xfe],
  'the byte FF': [0xff],
}

const GREEK = 'κόσμε'

const messages: ConformanceCase[] = [
  // JSON takes no bare control characters: these two are tried in close reasons below.
  ...entries(VALID)
    .filter(([, bytes]) => (bytes[0] ?? 0) > 0x7e)
    .map(([name, bytes]) => ({
      name: `${name} in a message`,
      rfc: '8.1',
      send: frame({ opcode: OPCODE.text, payload: followOf(bytes) }),
      expect: [`denied ${Buffer.from(bytes)}`],
    })),
  ...entries(MALFORMED).flatMap(([name, bytes]) => [
    {
      name: `${name} in a message`,
      rfc: '8.1',
      send: frame({ opcode: OPCODE.text, payload: followOf(bytes) }),
      expect: INVALID,
    },
    {
      name: `${name} at the end of a message`,
      rfc: '8.1',
      send: frame({ opcode: OPCODE.text, payload: Buffer.from([0x22, ...bytes]) }),
      expect: INVALID,
    },
  ]),
]

const cut: ConformanceCase[] = [
  {
    name: 'a message cut inside a character',
    rfc: '5.6',
    send: fragments(follow(GREEK), Buffer.from(follow(GREEK)).indexOf(GREEK) + 1),
    expect: [`denied ${GREEK}`],
  },
  {
    name: 'a message of four-byte characters, cut at every byte',
    rfc: '5.6',
    send: fragments(follow('𝄞😀'), ...Array.from({ length: 30 }, (_, i) => i + 1)),
    expect: ['denied 𝄞😀'],
  },
  {
    name: 'a character begun in one fragment and broken in the next',
    rfc: '8.1',
    send: fragments(Buffer.from([0x22, 0xce, 0x22, 0x22]), 2),
    expect: INVALID,
  },
  {
    name: 'a message that ends inside a character, in fragments',
    rfc: '8.1',
    send: fragments(Buffer.from([0x22, 0xce, 0xba, 0xf0, 0x9f]), 2, 4),
    expect: INVALID,
  },
  {
    name: 'malformed text in a fragment that is not the last',
    rfc: '8.1',
    send: [
      frame({ opcode: OPCODE.text, fin: false, payload: Buffer.of(0xff) }),
      ping(),
      frame({ opcode: OPCODE.continuation }),
    ],
    expect: ['pong', 'close 1007', 'end'],
    deviation: 'It might fail at once; ws looks when the message is whole, as the RFC permits.',
  },
]

const reasons: ConformanceCase[] = [
  ...entries(VALID).map(([name, bytes]) => ({
    name: `${name} in a close reason`,
    rfc: '5.5.1',
    send: close(1000, Buffer.from(bytes)),
    expect: [`close 1000 ${utf8Of(bytes)}`, 'end'],
  })),
  ...entries(MALFORMED).map(([name, bytes]) => ({
    name: `${name} in a close reason`,
    rfc: '5.5.1',
    send: close(1000, Buffer.from(bytes)),
    expect: INVALID,
  })),
]

export const UTF8_CASES = [...messages, ...cut, ...reasons]

/** A `follow` whose topic is these bytes, be they text or not. */
function followOf(topic: number[]): Buffer {
  const [before = '', after = ''] = follow('|').split('|')
  return Buffer.concat([Buffer.from(before), Buffer.from(topic), Buffer.from(after)])
}

function entries(sequences: Record<string, number[]>): [string, number[]][] {
  return Object.entries(sequences)
}

function utf8Of(bytes: number[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
}
