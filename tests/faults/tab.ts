// A browser's tab without the browser: the page's own live connection over real sockets.
import { WebSocket } from 'ws'
import { SUBPROTOCOL } from '#lib/live/protocol.ts'
import { createLiveConnection } from '../../app/_data/live-connection.ts'
import type { OpenTransport } from '../../app/_data/live-transport.ts'
import type { Person } from '../support/person.ts'

export type Tab = {
  /** When the topic's last snapshot came, by the steady clock; 0 before the first. */
  snapshotMs(): number
  close(): void
}

/** Comes back as the page does: the same patience, the same backoff, the same cursor. */
export function openTab(url: string, person: Person, topic: string): Tab {
  let snapshotMs = 0
  // Every road is a WebSocket here: the waiting between two attempts is the same on all of them.
  const open = openSocket(url, person)
  const connection = createLiveConnection({
    roads: { websocket: open, sse: open, polling: open },
    onFrame(frame) {
      if (frame.type === 'snapshot') snapshotMs = performance.now()
    },
    onSignedOut: () => {},
  })
  connection.follow(topic)
  return { snapshotMs: () => snapshotMs, close: connection.close }
}

function openSocket(url: string, { cookie }: Person): OpenTransport {
  return ({ onFrame, onClose }) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, [SUBPROTOCOL], {
      headers: { cookie, origin: url },
    })
    socket.on('message', (data) => onFrame(data.toString()))
    socket.on('error', () => {})
    socket.on('close', (code) => onClose(code))
    return {
      send(frame) {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
      },
      close() {
        socket.removeAllListeners('message')
        socket.close(1000)
        onClose()
      },
    }
  }
}
