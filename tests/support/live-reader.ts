// A reader of the live connection over either transport, which keeps every frame it gets.
import { WebSocket } from 'ws'
import {
  type ServerFrame,
  ServerFrame as ServerFrameShape,
  SUBPROTOCOL,
} from '#lib/live/protocol.ts'
import type { Person } from './person.ts'
import { until } from './until.ts'

export type LiveReader = {
  frames: ServerFrame[]
  send(frame: unknown): Promise<void>
  /** The first frame, past or to come, that fits. */
  next<T extends ServerFrame['type']>(
    type: T,
    fits?: (frame: Extract<ServerFrame, { type: T }>) => boolean,
  ): Promise<Extract<ServerFrame, { type: T }>>
  /** Resolves with the close code; an ended event stream has none (0). */
  closed: Promise<number>
  close(): void
}

export const TRANSPORTS = ['websocket', 'sse'] as const

export function openReader(
  transport: (typeof TRANSPORTS)[number],
  url: string,
  person: Person,
): Promise<LiveReader> {
  return transport === 'websocket' ? openWebSocket(url, person) : openEventStream(url, person)
}

async function openWebSocket(url: string, { cookie }: Person): Promise<LiveReader> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, [SUBPROTOCOL], {
    headers: { cookie, origin: url },
  })
  const { frames, take, next } = createInbox()
  socket.on('message', (data) => take(data.toString()))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  return {
    frames,
    next,
    send: async (frame) => socket.send(JSON.stringify(frame)),
    closed,
    close: () => socket.close(),
  }
}

async function openEventStream(url: string, person: Person): Promise<LiveReader> {
  const ending = new AbortController()
  const response = await fetch(`${url}/live`, {
    headers: { cookie: person.cookie, accept: 'text/event-stream' },
    signal: ending.signal,
  })
  if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}.`)
  const { frames, take, next } = createInbox()
  const closed = readEvents(response.body, take).then(
    () => 0,
    () => 0,
  )
  return {
    frames,
    next,
    async send(frame) {
      const { connection } = await next('welcome')
      const path = `/live/${encodeURIComponent(connection)}`
      const answer = await person.ask('POST', path, frame)
      if (answer.status !== 202) throw new Error(`The post answered ${answer.status}.`)
    },
    closed,
    close: () => ending.abort(),
  }
}

async function readEvents(body: ReadableStream<Uint8Array>, take: (text: string) => void) {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) take(event.replace(/^data: /, ''))
  }
}

function createInbox() {
  const frames: ServerFrame[] = []
  const next: LiveReader['next'] = (type, fits = () => true) =>
    until(
      () => frames.find((frame): frame is never => frame.type === type && fits(frame as never)),
      15_000,
      `a ${type} frame`,
    )
  return {
    frames,
    take: (text: string) => void frames.push(ServerFrameShape.parse(JSON.parse(text))),
    next,
  }
}

/** Every sample in a frame as `n v`, whatever kind of frame brought it. */
export function samplesOf(frame: ServerFrame): { n: number; at: number; v: number }[] {
  const columns =
    frame.type === 'snapshot'
      ? frame.samples
      : frame.type === 'event' && frame.event.type === 'samples.arrived'
        ? frame.event.samples
        : undefined
  if (!columns) return []
  return columns.n.map((n, i) => ({
    n,
    at: columns.at + (columns.d[i] ?? 0),
    v: columns.v[i] ?? 0,
  }))
}

/** How many targets have answered an echo that left at `sinceMs` or later. */
export function countAnswering(frames: ServerFrame[], sinceMs: number): number {
  const answers = frames.flatMap(samplesOf).filter(({ at, v }) => at >= sinceMs && v >= 0)
  return new Set(answers.map(({ n }) => n)).size
}
