// An upgrade to what is not spoken here is an ordinary request (RFC 9110 section 7.8).
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Headers that ask for the upgrade, or come with one to HTTP/2 (RFC 7540 section 3.2.1). */
const ABOUT_UPGRADING = ['upgrade', 'http2-settings']

/** Whether the request asks for WebSocket, alone or among others; HTTP/1.0 knows no upgrade. */
export function asksForWebSocket({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion !== '1.0' && listOf(headers.upgrade ?? '').includes('websocket')
}

/**
 * Lets the server read the request again without its upgrade: Node has stopped parsing after the
 * headers, and a body or further requests may follow.
 */
export function takeAsOrdinary(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const start = `${request.method} ${request.url} HTTP/${request.httpVersion}`
  const text = `${[start, ...headerLines(request.rawHeaders)].join('\r\n')}\r\n\r\n`
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]))
  server.emit('connection', socket)
}

function headerLines(raw: string[]): string[] {
  const lines: string[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const [name = '', value = ''] = raw.slice(i, i + 2)
    const isConnection = name.toLowerCase() === 'connection'
    if (isConnection) lines.push(`${name}: ${withoutUpgrade(value)}`)
    else if (!ABOUT_UPGRADING.includes(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  return lines
}

function withoutUpgrade(options: string): string {
  return listOf(options)
    .filter((option) => !ABOUT_UPGRADING.includes(option))
    .join(', ')
}

function listOf(value: string): string[] {
  return value.split(',').map((item) => item.trim().toLowerCase())
}
