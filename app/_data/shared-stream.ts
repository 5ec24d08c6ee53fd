// The SSE road of all tabs of a browser: one holds the EventSource, the others share it.
import { v7 as uuid } from 'uuid'
import { type OpenTransport, once, type Transport, type TransportEvents } from './live-transport.ts'
import { createStreamLeader } from './stream-leader.ts'
import { StreamMessage } from './stream-messages.ts'
import { createStreamPorts, type StreamPorts } from './stream-ports.ts'

const TICK_MS = 200

/**
 * A browser opens six connections to a host, whatever tab they are for: six streams would block
 * every page. The tabs speak by BroadcastChannel, which is there without HTTPS too, and takes over
 * from a holder that is gone; a SharedWorker, which a phone ends at will, would need the same.
 */
export function shareStream(name: string, open: OpenTransport): OpenTransport {
  return (events) =>
    typeof BroadcastChannel === 'undefined' ? open(events) : joinStream(name, open, events)
}

function joinStream(name: string, open: OpenTransport, events: TransportEvents): Transport {
  const id = uuid()
  const channel = new BroadcastChannel(name)
  let ports: StreamPorts | undefined
  let told = { tabs: 1, readyState: 0 }
  const leader = createStreamLeader({
    id,
    nowMs: () => performance.now(),
    random: Math.random,
    ask: () => say({ kind: 'ask' }),
    claim: announce,
    onLead: hold,
    onFollow(other) {
      letGo()
      say({ kind: 'join', from: id, to: other.id })
    },
  })
  const timer = setInterval(leader.tick, TICK_MS)
  const finish = once((code?: number) => {
    clearInterval(timer)
    const holder = leader.leader()
    if (ports) say({ kind: 'resign', from: id })
    else if (holder) say({ kind: 'leave', from: id, to: holder.id })
    letGo()
    channel.close()
    events.onClose(code)
  })
  channel.onmessage = ({ data }) => {
    const { data: message } = StreamMessage.safeParse(data)
    if (message) hear(message)
  }

  return {
    stream: () => ({ isHolder: ports !== undefined, ...facts() }),
    send(frame) {
      const holder = leader.leader()
      if (ports) ports.receive(id, frame)
      else if (holder) say({ kind: 'send', from: id, to: holder.id, frame })
    },
    close: () => finish(),
  }

  function say(message: StreamMessage): void {
    channel.postMessage(message)
  }

  function facts() {
    const readyState = ports?.source?.readyState
    return readyState === undefined ? told : { tabs: ports?.count() ?? 1, readyState }
  }

  function announce(): void {
    const holder = leader.leader()
    if (holder) say({ kind: 'lead', from: id, term: holder.term, ...facts() })
  }

  function hold(): void {
    try {
      ports = createStreamPorts({ open, wallMs: Date.now, tell, end })
      ports.join(id)
    } catch {
      finish()
    }
  }

  function letGo(): void {
    ports?.close()
    ports = undefined
  }

  // The others first: what this tab does with a good-bye would keep it from them.
  function tell(to: string[], text: string): void {
    const others = to.filter((port) => port !== id)
    const term = leader.leader()?.term ?? 0
    if (others.length > 0) say({ kind: 'frame', from: id, term, to: others, text })
    if (others.length < to.length) events.onFrame(text)
  }

  function end(to: string[], code: number | undefined): void {
    say({ kind: 'close', from: id, to, ...(code !== undefined && { code }) })
    if (to.includes(id)) finish(code)
  }

  function hear(message: StreamMessage): void {
    if (message.kind === 'ask') leader.asked()
    else if (message.kind === 'resign') leader.resigned(message.from)
    else if (message.kind === 'lead') hearLeader(message)
    else if (message.kind === 'frame' || message.kind === 'close') hearHolder(message)
    else if (message.to === id && ports) hearPort(ports, message)
  }

  function hearLeader({ from, term, tabs, readyState }: Message<'lead'>): void {
    leader.heard({ id: from, term })
    if (leader.leader()?.id === from) told = { tabs, readyState }
  }

  function hearHolder(message: Message<'frame' | 'close'>): void {
    if (message.kind === 'frame') leader.heard({ id: message.from, term: message.term })
    if (leader.leader()?.id !== message.from || !message.to.includes(id)) return
    if (message.kind === 'frame') events.onFrame(message.text)
    else finish(message.code)
  }

  function hearPort(held: StreamPorts, message: Message<'join' | 'leave' | 'send'>): void {
    if (message.kind === 'send') held.receive(message.from, message.frame)
    if (message.kind === 'join') held.join(message.from)
    if (message.kind === 'leave') held.leave(message.from)
    if (message.kind !== 'send') announce()
  }
}

type Message<Kind extends StreamMessage['kind']> = Extract<StreamMessage, { kind: Kind }>
