// The Server-Sent Events transport: the same frames, one `data:` line each.
import type { ServerResponse } from 'node:http'
import { type Connection, whenDrained } from './connection.ts'
import { bytesOf } from './shared-frame.ts'

/** Answers the request with an event stream; `onClose` comes once, whoever ends it. */
export function openEventStream(
  response: ServerResponse,
  id: string,
  onClose: () => void,
): Connection {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // Proxies of the nginx family otherwise hold frames back to fill a buffer.
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  response.socket?.setNoDelay(true)
  response.on('error', () => {})
  response.on('close', onClose)
  return {
    id,
    transport: 'sse',
    write: (frame) => void response.write(bytesOf(frame, 'sse')),
    // The frames themselves are the probe: their acknowledgements are TCP's.
    probe() {},
    bufferedBytes: () => response.writableLength,
    onDrain(callback) {
      whenDrained(response, callback)
    },
    close: () => void response.end(),
    cut: () => void response.socket?.resetAndDestroy(),
  }
}
