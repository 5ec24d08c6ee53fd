// The catalogue, closing: every kind of code, reasons, and what comes after.
import { close, frame, OPCODE, ping, text } from './frame-bytes.ts'
import { type ConformanceCase, follow, SILENT } from './played-case.ts'

const FAILED = ['close 1002', 'end']

/** Codes an endpoint may send: 7.4.1, IANA's register (1012 to 1014), and those of 7.4.2. */
const ALLOWED = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4500,
  4999,
]
/** Never sent on the wire: outside every range, reserved, or not yet given a meaning. */
const FORBIDDEN = [
  0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 9999, 65_535,
]

const codes: ConformanceCase[] = [
  ...ALLOWED.map((code) => ({
    name: `code ${code} comes back`,
    rfc: '7.4',
    send: close(code),
    expect: [`close ${code}`, 'end'],
  })),
  ...FORBIDDEN.map((code) => ({
    name: `code ${code} is an error`,
    rfc: '7.4',
    send: close(code),
    expect: FAILED,
  })),
]

const bodies: ConformanceCase[] = [
  { name: 'a close without a code', rfc: '5.5.1', send: close(), expect: ['close', 'end'] },
  {
    name: 'a close of one byte',
    rfc: '5.5.1',
    send: frame({ opcode: OPCODE.close, payload: Buffer.of(3) }),
    expect: FAILED,
  },
  {
    name: 'a reason comes back',
    rfc: '5.5.1',
    send: close(1000, '再见'),
    expect: ['close 1000 再见', 'end'],
  },
  {
    name: 'a reason of 123 bytes, the longest',
    rfc: '5.5',
    send: close(1000, 'r'.repeat(123)),
    expect: [`close 1000 ${'r'.repeat(123)}`, 'end'],
  },
  {
    name: 'a reason of 124 bytes',
    rfc: '5.5',
    send: close(1000, 'r'.repeat(124)),
    expect: FAILED,
  },
]

const after: ConformanceCase[] = [
  {
    name: 'a ping before the close is answered',
    rfc: '5.5.1',
    send: [ping(), close(1000)],
    expect: ['pong', 'close 1000', 'end'],
  },
  {
    name: 'a ping after the close is not',
    rfc: '5.5.1',
    send: [close(1000), ping('late')],
    expect: ['close 1000', 'end'],
  },
  {
    name: 'a message after the close is not',
    rfc: '5.5.1',
    send: [close(1000), text(follow('x'))],
    expect: ['close 1000', 'end'],
  },
  {
    name: 'a second close is not',
    rfc: '5.5.1',
    send: [close(1000), close(1001)],
    expect: ['close 1000', 'end'],
  },
  {
    name: 'a malformed frame after the close changes nothing',
    rfc: '5.5.1',
    send: [close(1000), frame({ opcode: 3 })],
    expect: ['close 1000', 'end'],
  },
  {
    name: 'a large unread message after the close changes nothing',
    rfc: '7.1.1',
    send: [close(1000), text('x'.repeat(256 * 1024))],
    expect: ['close 1000', 'end'],
  },
]

/** What the conversation above ends: the close is ours, and the client answers it. */
const ours: ConformanceCase[] = [
  {
    name: 'a text that is no JSON',
    rfc: '7.4.2',
    send: text('hello'),
    expect: ['bye 4500', 'close 4500 A frame is one JSON object.', 'end'],
  },
  ...['{}', '{"type":"__proto__"}', '{"type":"pong","more":1}', '[]', 'null'].map((payload) => ({
    name: `${payload}, which is no frame of echowall.v1`,
    rfc: '7.4.2',
    send: text(payload),
    expect: ['bye 4500', 'close 4500 This is no frame of echowall.v1.', 'end'],
  })),
  {
    name: 'nothing is answered behind the message that ended the conversation',
    rfc: '7.1.3',
    send: [text('hello'), text(follow('x')), text(SILENT)],
    expect: ['bye 4500', 'close 4500 A frame is one JSON object.', 'end'],
  },
]

export const CLOSING_CASES = [...codes, ...bodies, ...after, ...ours]
