// The tabs' ports to one event stream: one reader to the server, many to the page.
import { z } from 'zod'
import { type ClientFrame, STALE_MS } from '#lib/live/protocol.ts'
import type { OpenTransport } from './live-transport.ts'
import { createStreamTopic, type StreamTopic } from './stream-topic.ts'

const Envelope = z.object({
  type: z.string(),
  topic: z.string().optional(),
  now: z.string().optional(),
  cursor: z.string().optional(),
  since: z.string().optional(),
  more: z.boolean().optional(),
  group: z.unknown().optional(),
})
type Envelope = z.infer<typeof Envelope>
type Follow = Extract<ClientFrame, { type: 'follow' }>

export type StreamPorts = {
  /** A port that was there already begins anew. */
  join(port: string): void
  leave(port: string): void
  receive(port: string, frame: ClientFrame): void
  count(): number
  /** The browser's own object of the stream. */
  readonly source: WebSocket | EventSource | undefined
  /** Ends the stream and says nothing to the ports. */
  close(): void
}

export type StreamPortsOptions = {
  /** The stream: opened at once. */
  open: OpenTransport
  wallMs: () => number
  tell(ports: string[], text: string): void
  /** These ports are closed; all of them once the stream has ended. */
  end(ports: string[], code: number | undefined): void
}

export function createStreamPorts({ open, wallMs, tell, end }: StreamPortsOptions): StreamPorts {
  const ports = new Set<string>()
  const topics = new Map<string, StreamTopic>()
  let welcome: { frame: Record<string, unknown>; aheadMs: number } | undefined
  let isUpstreamLost = false
  /** The last word on the room for results, if one was said. */
  let storage: string | undefined
  let owesPong = false
  /** Those who have said nothing since the last heartbeat. */
  let silent = new Set<string>()
  let heardMs = wallMs()
  let isClosed = false
  const upstream = open({
    onFrame: hear,
    onAlive() {},
    onClose: (code) => !isClosed && end([...ports], code),
  })

  return {
    join(port) {
      leave(port)
      ports.add(port)
      // After such a silence nobody knows whether the stream still lives: all begin with a new one.
      if (welcome && wallMs() - heardMs >= STALE_MS) upstream.close()
      else if (welcome) tell([port], welcomeNow(welcome))
      if (isUpstreamLost) tell([port], JSON.stringify({ type: 'stale' }))
      if (storage !== undefined) tell([port], storage)
    },
    leave,
    receive(port, frame) {
      silent.delete(port)
      if (!ports.has(port)) return
      if (frame.type === 'follow') topicOf(frame).follow(port, frame.since)
      else if (frame.type === 'unfollow') unfollow(port, frame.topic)
      else if (frame.type !== 'pong') upstream.send(frame)
      else if (owesPong) {
        owesPong = false
        upstream.send(frame)
      }
    },
    count: () => ports.size,
    source: upstream.source,
    close() {
      isClosed = true
      upstream.close()
    },
  }

  function leave(port: string): void {
    ports.delete(port)
    silent.delete(port)
    for (const topic of [...topics.keys()]) unfollow(port, topic)
  }

  function unfollow(port: string, name: string): void {
    const topic = topics.get(name)
    if (!topic?.ports().includes(port) || !topic.leave(port)) return
    topics.delete(name)
    upstream.send({ type: 'unfollow', topic: name })
  }

  // Of the tabs' wishes that of the first counts: they are all pages of one program.
  function topicOf({ since: _, ...wish }: Follow): StreamTopic {
    const topic =
      topics.get(wish.topic) ??
      createStreamTopic((since) =>
        upstream.send({ ...wish, ...(since !== undefined && { since }) }),
      )
    topics.set(wish.topic, topic)
    return topic
  }

  function hear(text: string): void {
    heardMs = wallMs()
    const frame = readEnvelope(text)
    if (frame?.topic !== undefined) hearTopic(frame, frame.topic, text)
    else {
      if (frame) note(frame, text)
      tell([...ports], text)
    }
  }

  function note(frame: Envelope, text: string): void {
    if (frame.type === 'welcome') welcome = { frame: JSON.parse(text), aheadMs: aheadOf(frame) }
    if (frame.type === 'stale') isUpstreamLost = true
    if (frame.type === 'live') isUpstreamLost = false
    if (frame.type === 'storage') storage = text
    if (frame.type === 'ping') beat()
  }

  function hearTopic(frame: Envelope, name: string, text: string): void {
    const topic = topics.get(name)
    const isOver = frame.type === 'denied' || frame.type === 'ended'
    if (topic) tell(isOver ? topic.ports() : topic.route(frame), text)
    if (isOver) topics.delete(name)
    // An answer that crossed the last port's goodbye, or the end of the topic.
    else if (!topic && frame.type === 'snapshot') upstream.send({ type: 'unfollow', topic: name })
  }

  // Every tab answers the heartbeat: one that has crashed or sleeps is known by the second.
  function beat(): void {
    const gone = [...silent]
    for (const port of gone) leave(port)
    if (gone.length > 0) end(gone, undefined)
    silent = new Set(ports)
    owesPong = true
  }

  function aheadOf({ now }: Envelope): number {
    return now === undefined ? 0 : Date.parse(now) - wallMs()
  }

  // Who comes later sets its clock by it too.
  function welcomeNow({ frame, aheadMs }: NonNullable<typeof welcome>): string {
    return JSON.stringify({ ...frame, now: new Date(wallMs() + aheadMs).toISOString() })
  }
}

function readEnvelope(text: string): Envelope | undefined {
  try {
    return Envelope.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
