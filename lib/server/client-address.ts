// Whose request it is: the socket's address, or what a trusted proxy says.
import type { IncomingMessage } from 'node:http'

/** With a trusted proxy the last X-Forwarded-For, which that proxy wrote; never what a client could claim. */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const socket = request.socket.remoteAddress ?? ''
  if (!trustProxy) return socket
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',')
  return forwarded.split(',').at(-1)?.trim() || socket
}
