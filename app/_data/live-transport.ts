// The three roads of a live connection: WebSocket, Server-Sent Events, polling.
import { type ClientFrame, SUBPROTOCOL } from '#lib/live/protocol.ts'

export type TransportName = 'websocket' | 'sse' | 'polling'

export type TransportEvents = {
  /** One frame's text; any frame proves that the road is open. */
  onFrame(text: string): void
  /** The server answered, though without news. */
  onAlive(): void
  /** The road is closed, once, with the close code where the transport has one. */
  onClose(code?: number): void
}

export type Transport = {
  send(frame: ClientFrame): void
  close(): void
  /** The browser's own object, for whoever inspects the road. */
  source?: WebSocket | EventSource
  /** How the road stands, where the tabs of this browser share it. */
  stream?: () => SharedStream
}

export type SharedStream = {
  /** Whether the EventSource is this tab's; of another one's is known what it tells. */
  isHolder: boolean
  tabs: number
  readyState: number
}

export type OpenTransport = (events: TransportEvents) => Transport

const COMMAND_TIMEOUT_MS = 10_000

export function openWebSocket({ onFrame, onClose }: TransportEvents): Transport {
  const url = new URL('/live', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url, SUBPROTOCOL)
  const close = once(onClose)
  socket.onmessage = ({ data }) => onFrame(String(data))
  socket.onclose = ({ code }) => close(code)
  return {
    source: socket,
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
    },
    close() {
      socket.onmessage = null
      socket.close(1000)
      // A dead peer never completes the closing handshake; nobody waits for it.
      close()
    },
  }
}

/**
 * Frames come by EventSource, commands go one after the other by POST /live/<connection>: what is
 * sent before the first frame has told the connection's name waits for it.
 */
export function openEventStream({ onFrame, onClose }: TransportEvents): Transport {
  const source = new EventSource('/live')
  let name: (connection: string) => void = () => {}
  const named = new Promise<string>((resolve) => {
    name = resolve
  })
  let queue = Promise.resolve()
  const close = once((code?: number) => {
    source.close()
    onClose(code)
  })
  source.onmessage = ({ data }) => {
    const connection = connectionOf(String(data))
    if (connection !== undefined) name(connection)
    onFrame(String(data))
  }
  // EventSource would come back by itself, without a cursor and without our patience.
  source.onerror = () => close()
  return {
    source,
    send(frame) {
      queue = queue.then(async () => {
        const connection = await named
        if (source.readyState === EventSource.CLOSED) return
        if (!(await postCommand(connection, frame))) close()
      })
    },
    close,
  }
}

async function postCommand(connection: string, frame: ClientFrame): Promise<boolean> {
  try {
    const answer = await fetch(`/live/${encodeURIComponent(connection)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(frame),
      signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
    })
    return answer.ok
  } catch {
    return false
  }
}

function connectionOf(text: string): string | undefined {
  return /"connection":"([^"]+)"/.exec(text)?.[1]
}

/** Calls at most once. */
export function once<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void {
  let isCalled = false
  return (...args) => {
    if (isCalled) return
    isCalled = true
    callback(...args)
  }
}
