// The WebSocket transport (RFC 6455): text frames only, no compression, bounded sizes.
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { CLOSE } from './close-codes.ts'
import { type Connection, whenDrained } from './connection.ts'
import { MAX_CLIENT_FRAME_BYTES, SUBPROTOCOL } from './protocol.ts'
import { bytesOf } from './shared-frame.ts'

/** Reasons travel in a control frame of at most 125 bytes, two of them the code. */
const MAX_REASON_BYTES = 123

export type WebSocketEvents = {
  onFrame(text: string): void
  /** The other side has answered a probe. */
  onAlive(): void
  onClose(): void
}

export type WebSocketTransport = {
  /** Completes a handshake that was found good; the connection is open when `accept` is called. */
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    accept: (open: (id: string, events: WebSocketEvents) => Connection) => void,
  ): void
  close(): void
}

// Compression costs 257 instead of 23 KB a connection and 124 instead of 22 µs a message.
export function createWebSocketTransport(): WebSocketTransport {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  return {
    upgrade(request, socket, head, accept) {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        accept((id, events) => openConnection(webSocket, request.socket, id, events))
      })
    },
    close: () => server.close(),
  }
}

// ws reads, answers control frames and closes. Frames of ours go to the stream below it, framed once
// for all readers: between two whole frames of ws any other whole frame may stand (RFC 6455 5.4).
function openConnection(
  webSocket: WebSocket,
  stream: Socket,
  id: string,
  events: WebSocketEvents,
): Connection {
  webSocket.on('message', receive)
  webSocket.on('pong', events.onAlive)
  // An error is always followed by `close`; ws has by then answered with the right code.
  webSocket.on('error', ignore)
  webSocket.on('close', events.onClose)
  return {
    id,
    transport: 'websocket',
    write(frame) {
      const isOpen = webSocket.readyState === webSocket.OPEN
      if (isOpen) stream.write(bytesOf(frame, 'websocket'))
    },
    probe() {
      webSocket.ping()
    },
    bufferedBytes() {
      return stream.writableLength
    },
    onDrain(callback) {
      whenDrained(stream, callback)
    },
    close(code, reason) {
      closeSocket(webSocket, code, reason)
    },
    // RST: after a FIN the kernel would go on delivering what it holds.
    cut() {
      stream.resetAndDestroy()
    },
  }

  function receive(data: RawData, isBinary: boolean): void {
    if (isBinary) webSocket.close(CLOSE.unsupportedData, 'Text frames only.')
    else events.onFrame(data.toString())
  }
}

function ignore(): void {}

function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_BYTES))
}
