// The catalogue, opening: requests for a connection, right and wrong, and their answers.
export type HandshakeCase = {
  name: string
  /** The section of RFC 6455 that decides it, or the number of another RFC and its section. */
  rfc: string
  line?: string
  /** Headers in place of the right ones; undefined leaves one out, a list writes it several times. */
  headers?: Record<string, string | string[] | undefined>
  status: number
  /** Headers the answer must have; undefined for those it must not have. */
  answer?: Record<string, string | undefined>
  deviation?: string
}

const KEY = 'sec-websocket-key'
const VERSION = 'sec-websocket-version'
const PROTOCOL = 'sec-websocket-protocol'
const EXTENSIONS = 'sec-websocket-extensions'

const accepted: HandshakeCase[] = [
  {
    name: 'the example of the RFC',
    rfc: '1.3',
    status: 101,
    answer: {
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      [PROTOCOL]: 'echowall.v1',
      [EXTENSIONS]: undefined,
    },
  },
  { name: 'Upgrade in capitals', rfc: '4.2.1', headers: { upgrade: 'WebSocket' }, status: 101 },
  {
    name: 'WebSocket as one of two protocols to upgrade to',
    rfc: '4.2.1',
    headers: { upgrade: 'h2c, websocket' },
    status: 101,
  },
  {
    name: 'Upgrade among other connection options',
    rfc: '4.2.1',
    headers: { connection: 'keep-alive, upgrade' },
    status: 101,
  },
  { name: 'a query string', rfc: '4.2.1', line: 'GET /live?x=1 HTTP/1.1', status: 101 },
  {
    name: 'no subprotocol offered: none is chosen',
    rfc: '4.2.2',
    headers: { [PROTOCOL]: undefined },
    status: 101,
    answer: { [PROTOCOL]: undefined },
  },
  {
    name: 'ours among others',
    rfc: '4.2.2',
    headers: { [PROTOCOL]: 'chat, echowall.v1,echowall.v2' },
    status: 101,
    answer: { [PROTOCOL]: 'echowall.v1' },
  },
  {
    name: 'ours in a second line',
    rfc: '11.3.4',
    headers: { [PROTOCOL]: ['chat', 'echowall.v1'] },
    status: 101,
    answer: { [PROTOCOL]: 'echowall.v1' },
  },
  ...['permessage-deflate; client_max_window_bits', 'unheard-of; a=1, b', ';;'].map((offer) => ({
    name: `the extensions "${offer}" offered: none is chosen`,
    rfc: '9.1',
    headers: { [EXTENSIONS]: offer },
    status: 101,
    answer: { [EXTENSIONS]: undefined },
  })),
  { name: 'an unknown header', rfc: '4.2.1', headers: { 'x-anything': 'yes' }, status: 101 },
]

const malformed: HandshakeCase[] = [
  ...Object.entries({
    'no key': undefined,
    'an empty key': '',
    'a key that is no base64': 'not base64 at all!!!!!!!',
    'a key of 15 bytes': Buffer.alloc(15).toString('base64'),
    'a key of 17 bytes': Buffer.alloc(17).toString('base64'),
    'a key without its padding': 'dGhlIHNhbXBsZSBub25jZQ',
    'two keys': ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='],
  }).map(([name, key]) => ({ name, rfc: '4.2.1', headers: { [KEY]: key }, status: 400 })),
  ...Object.entries({
    'an unknown subprotocol': 'graphql-ws',
    'our subprotocol in capitals': 'ECHOWALL.V1',
    'a subprotocol offered twice': 'echowall.v1, echowall.v1',
    'an empty list of subprotocols': '',
    'an empty subprotocol in the list': 'echowall.v1,, chat',
    'a subprotocol that is no token': 'echowall.v1, a"b',
  }).map(([name, offer]) => ({ name, rfc: '4.1', headers: { [PROTOCOL]: offer }, status: 400 })),
  { name: 'no Host', rfc: '4.2.1', headers: { host: undefined }, status: 400 },
  ...['POST', 'PUT', 'DELETE'].map((method) => ({
    name: `${method} instead of GET`,
    rfc: '4.2.1',
    line: `${method} /live HTTP/1.1`,
    headers: { 'content-length': '0' },
    status: 405,
    answer: { allow: 'GET' },
  })),
]

const needsUpgrade = { upgrade: 'websocket', connection: 'Upgrade, close', [VERSION]: '13' }

const versions: HandshakeCase[] = [
  ...Object.entries({
    'no version': undefined,
    'version 8': '8',
    'version 12': '12',
    'version 14': '14',
    'version 0x0d': '0x0d',
    'version 013': '013',
    'an empty version': '',
    'two versions': '13, 8',
    'the version twice': ['13', '13'],
  }).map(([name, version]) => ({
    name,
    rfc: '4.4',
    headers: { [VERSION]: version },
    status: 426,
    answer: needsUpgrade,
  })),
  {
    name: 'HTTP/1.0, where an Upgrade is to be ignored',
    rfc: '9110 7.8',
    line: 'GET /live HTTP/1.0',
    status: 426,
    answer: { ...needsUpgrade, connection: 'Upgrade' },
  },
  {
    name: 'another protocol to upgrade to, which is ignored',
    rfc: '9110 7.8',
    headers: { upgrade: 'h2c' },
    status: 426,
    answer: { ...needsUpgrade, connection: 'Upgrade' },
  },
  ...Object.entries({
    'an ordinary GET': { upgrade: undefined, connection: undefined },
    'Upgrade without its connection option': { connection: 'keep-alive' },
    'the connection option without Upgrade': { upgrade: undefined },
  }).map(([name, headers]) => ({
    name,
    rfc: '9110 15.5.22',
    headers,
    status: 426,
    answer: { ...needsUpgrade, connection: 'Upgrade' },
  })),
]

const persons: HandshakeCase[] = [
  ...Object.entries({
    'no origin': undefined,
    'another origin': 'http://evil.example',
    'an opaque origin': 'null',
    'an empty origin': '',
    'ours by another scheme': 'https://127.0.0.1',
    'ours on another port': 'http://127.0.0.1:1',
  }).map(([name, origin]) => ({ name, rfc: '10.2', headers: { origin }, status: 403 })),
  { name: 'no session', rfc: '10.5', headers: { cookie: undefined }, status: 401 },
  { name: 'a made-up session', rfc: '10.5', headers: { cookie: 'a=b; x' }, status: 401 },
  ...['/live/x', '/live/', '/livex', '/', '/api/groups'].map((path) => ({
    name: `a handshake at ${path}`,
    rfc: '4.2.2',
    line: `GET ${path} HTTP/1.1`,
    status: 404,
  })),
]

const targets: HandshakeCase[] = [
  {
    name: 'the absolute form of the target',
    rfc: '9112 3.2.2',
    line: 'GET http://127.0.0.1/live HTTP/1.1',
    status: 101,
  },
  {
    name: 'the absolute form of another path',
    rfc: '9112 3.2.2',
    line: 'GET http://127.0.0.1/ HTTP/1.1',
    status: 404,
  },
]

export const HANDSHAKE_CASES = [...accepted, ...malformed, ...versions, ...persons, ...targets]
