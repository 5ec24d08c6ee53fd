// Why a request for a live connection is refused, as an ordinary HTTP answer.
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '#lib/errors.ts'
import { isAllowedOrigin } from '#lib/http/origin.ts'
import { problemHeaders, problemOf, toAppError, wrongMethod } from '#lib/http/problem.ts'
import { SUBPROTOCOL } from './protocol.ts'

/** RFC 6455 section 4.4 and RFC 9110 section 7.8: a refusal names what would be accepted. */
const UPGRADE_HEADERS = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
}
/** A name as RFC 9110 section 5.6.2 has it. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Thrown where only an upgrade helps (426), or one of another version. */
export function upgradeRequired(): AppError {
  return new AppError('invalid', 'Upgrade to WebSocket version 13, or accept text/event-stream.', {
    status: 426,
  })
}

/** RFC 6455 section 10.2: a page of another origin gets nothing, whatever cookie it brings. */
export function foreignOrigin(): AppError {
  return new AppError('forbidden', 'Requests from this origin are not accepted.')
}

/** Throws `AppError` unless this is a handshake of ours as RFC 6455 section 4.2.1 has it. */
export function checkHandshake(request: IncomingMessage, config: { BASE_URL: string }): void {
  const { method, headers } = request
  if (method !== 'GET') throw wrongMethod('GET')
  if (!isAllowedOrigin(headers.origin, config)) throw foreignOrigin()
  // An Upgrade in HTTP/1.0 is to be ignored (RFC 9110 section 7.8).
  if (request.httpVersion === '1.0') throw upgradeRequired()
  // Node asks for a Host on ordinary requests only.
  if (headers.host === undefined) throw new AppError('invalid', 'A handshake names its Host.')
  if (headers.upgrade?.toLowerCase() !== 'websocket') throw upgradeRequired()
  if (headers['sec-websocket-version'] !== '13') throw upgradeRequired()
  const key = headers['sec-websocket-key'] ?? ''
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key)) {
    throw new AppError('invalid', 'Sec-WebSocket-Key is 16 bytes in base64.')
  }
  const offered = headers['sec-websocket-protocol']
  if (offered !== undefined) checkOffer(offered.split(',').map((name) => name.trim()))
}

// What ws would refuse too, but not as a problem document.
function checkOffer(names: string[]): void {
  if (new Set(names).size < names.length || !names.every((name) => TOKEN.test(name))) {
    throw new AppError('invalid', 'Sec-WebSocket-Protocol is a list of different names.')
  }
  if (!names.includes(SUBPROTOCOL)) {
    throw new AppError('invalid', `The subprotocol here is ${SUBPROTOCOL}.`)
  }
}

/** Answers an ordinary request with the problem. */
export function refuseRequest(response: ServerResponse, thrown: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const error = toAppError(thrown)
  const body = JSON.stringify(problemOf(error))
  // A body without its length ends with the connection for a client of HTTP/1.0.
  response.writeHead(error.status, {
    ...headersOf(error),
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** Answers an upgrade on its bare socket and closes it. */
export function refuseUpgrade(socket: Duplex, thrown: unknown): void {
  const error = toAppError(thrown)
  const body = JSON.stringify(problemOf(error))
  const { connection, ...rest } = headersOf(error)
  const headers = {
    ...rest,
    connection: connection === undefined ? 'close' : `${connection}, close`,
    date: new Date().toUTCString(),
    'content-length': String(Buffer.byteLength(body)),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const status = `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`
  // Half-open sockets are allowed to our server: one whose reader never closes would stay for ever.
  socket.once('finish', () => socket.destroy())
  socket.end(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`)
}

function headersOf(error: AppError): Record<string, string> {
  return { ...problemHeaders(error), ...(error.status === 426 && UPGRADE_HEADERS) }
}
