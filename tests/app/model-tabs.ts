// Tabs on one shared stream, every message between them under a test's hand.
import type { ClientFrame, ServerFrame } from '#lib/live/protocol.ts'
import { createLiveTopics } from '../../app/_data/live-topics.ts'
import { createStreamPorts, type StreamPorts } from '../../app/_data/stream-ports.ts'
import { type ModelServer, openModelServer, type Stored, TOPIC } from './model-server.ts'

/** More than any sequence of acts leaves to do. */
const MAX_MOVES = 5_000

type Held = { ports: StreamPorts; server: ModelServer; hear(): boolean }
type Tab = ReturnType<typeof openTab>

/** So many tabs; nothing moves but by `act`. */
export function openModelTabs(count: number) {
  const stored: Stored = { count: 0 }
  let held = hold()
  const tabs: Tab[] = [...Array(count).keys()].map((i) => openTab(`tab-${i}`, () => held.ports))

  const acts = {
    follow: (tab: Tab) => tab.follow(),
    unfollow: (tab: Tab) => tab.unfollow(),
    leave: (tab: Tab) => tab.leave(),
    join: (tab: Tab) => tab.join(),
    up: (tab: Tab) => tab.up(),
    down: (tab: Tab) => tab.down(),
    serve: () => held.server.step(),
    sendNext: () => held.server.sendNext(),
    hear: () => held.hear(),
    store: () => held.server.store(),
    miss: () => held.server.miss(),
    /** Another tab holds the stream: what the last one still had to say is lost. */
    takeOver() {
      held = hold()
      for (const tab of tabs) tab.greetedAnew()
    },
    /** The stream ends: every tab comes back in its own time. */
    end() {
      held = hold()
      for (const tab of tabs) tab.lose()
    },
  }
  return { acts, stored, tabs, server: () => held.server, settle }

  function hold(): Held {
    const onTheWire: string[] = []
    let onFrame = (_text: string) => {}
    const server = openModelServer(stored, (frame) => onTheWire.push(JSON.stringify(frame)))
    const ports = createStreamPorts({
      open(events) {
        onFrame = events.onFrame
        return { send: server.post, close() {} }
      },
      wallMs: () => 0,
      tell(to, text) {
        for (const tab of tabs) if (to.includes(tab.port())) tab.queue(text)
      },
      end() {},
    })
    const hear = () => {
      const text = onTheWire.shift()
      if (text !== undefined) onFrame(text)
      return text !== undefined
    }
    return { ports, server, hear }
  }

  // Everybody is there, and everything that waits arrives.
  function settle(): void {
    for (const tab of tabs) tab.join()
    const move = () => tabs.filter((tab) => tab.up() || tab.down()).length > 0
    for (let moves = 0; move() || held.server.step() || held.hear(); moves += 1) {
      if (moves > MAX_MOVES) throw new Error('The tabs and the server never come to rest.')
    }
  }
}

function openTab(name: string, ports: () => StreamPorts) {
  const topics = createLiveTopics(() => {})
  const samples = new Set<number>()
  let said: (() => void)[] = []
  let heard: string[] = []
  let isIn = false
  let isGreeted = false
  let joins = 0
  const port = () => `${name}.${joins}`

  return {
    port,
    samples,
    isFollowing: () => topics.has(TOPIC),
    queue: (text: string) => isIn && heard.push(text),
    join,
    greetedAnew() {
      const wasIn = isIn
      lose()
      if (wasIn) join()
    },
    lose,
    leave() {
      isIn = isGreeted = false
      heard = []
      const left = port()
      said.push(() => ports().leave(left))
    },
    follow() {
      if (!topics.has(TOPIC) && topics.add(TOPIC) && isGreeted) say(topics.followFrame(TOPIC))
    },
    unfollow() {
      if (!topics.has(TOPIC)) return
      topics.remove(TOPIC)
      if (isGreeted) say({ type: 'unfollow', topic: TOPIC })
    },
    up(): boolean {
      const message = said.shift()
      message?.()
      return message !== undefined
    },
    /** Throws when a sample is missing that the tab's cursor promises. */
    down(): boolean {
      const text = heard.shift()
      if (text !== undefined) hear(JSON.parse(text))
      return text !== undefined
    },
  }

  function join(): void {
    if (isIn) return
    isIn = true
    joins += 1
    const joined = port()
    said.push(() => ports().join(joined))
  }

  function say(frame: ClientFrame): void {
    const from = port()
    said.push(() => ports().receive(from, frame))
  }

  function lose(): void {
    isIn = isGreeted = false
    said = []
    heard = []
  }

  function hear(frame: ServerFrame): void {
    if (frame.type === 'welcome') {
      isGreeted = true
      for (const follow of topics.followFrames()) say(follow)
    }
    // As the page does it: what comes for a topic that was let go is kept all the same.
    if (frame.type === 'snapshot') for (const n of frame.samples.v) samples.add(n)
    if (frame.type === 'event' && frame.event.type === 'samples.arrived') {
      for (const n of frame.event.samples.v) samples.add(n)
    }
    check(topics.note(frame))
  }

  // The cursor from before the frame: everything up to there has to be here.
  function check(cursor: string | undefined): void {
    const upTo = cursor === undefined ? 0 : (Date.parse(cursor) - Date.UTC(2026, 0, 1)) / 1_000
    for (let n = 1; n <= upTo; n += 1) {
      if (!samples.has(n)) throw new Error(`${name} lacks sample ${n} and is at ${upTo}.`)
    }
  }
}
