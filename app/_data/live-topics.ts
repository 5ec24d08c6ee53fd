// What this tab follows: topics by reference count, each with the cursor to resume from.
import { type Backoff, createBackoff } from '#lib/backoff.ts'
import type { ClientFrame, ServerFrame } from '#lib/live/protocol.ts'

/** How soon a topic that cannot be had just now is asked for again. */
const ASK_AGAIN = { firstMs: 500, limitMs: 10_000 }

type Followed = {
  count: number
  /** Everything up to here has arrived. */
  cursor: string | undefined
  /** While a snapshot is incomplete, later cursors promise too much; they wait here. */
  pending: string | undefined
  isReplaying: boolean
  /** While it cannot be had. */
  patience: Backoff | undefined
  timer: ReturnType<typeof setTimeout> | undefined
}

type Loss = Extract<ServerFrame, { type: 'denied' | 'ended' }>

export type LiveTopics = {
  /** True when the topic is new and has to be asked for. */
  add(topic: string): boolean
  /** True when nobody follows the topic any more. */
  remove(topic: string): boolean
  has(topic: string): boolean
  /** The frame that asks for a topic from where it stopped. */
  followFrame(topic: string): ClientFrame
  /** One frame for each topic, for a connection that has just opened. */
  followFrames(): ClientFrame[]
  /** Notes how far a topic has come. Returns the cursor from before the frame. */
  note(frame: ServerFrame): string | undefined
  /**
   * The server does not give the topic: false when it is asked for again in a while, true when it
   * is lost for good.
   */
  lose(frame: Loss): boolean
  close(): void
}

/** `ask` sends a frame where a road is open. */
export function createLiveTopics(
  ask: (frame: ClientFrame) => void,
  random?: () => number,
): LiveTopics {
  const topics = new Map<string, Followed>()

  return {
    add(topic) {
      const followed = topics.get(topic)
      if (followed) {
        followed.count += 1
        return false
      }
      topics.set(topic, {
        ...{ count: 1, cursor: undefined, pending: undefined, isReplaying: false },
        ...{ patience: undefined, timer: undefined },
      })
      return true
    },
    remove(topic) {
      const followed = topics.get(topic)
      if (!followed) return false
      followed.count -= 1
      return followed.count === 0 && forget(topic)
    },
    has: (topic) => topics.has(topic),
    followFrame,
    followFrames: () => [...topics.keys()].map(followFrame),
    note(frame) {
      if (frame.type !== 'snapshot' && frame.type !== 'event') return undefined
      const followed = topics.get(frame.topic)
      if (!followed) return undefined
      followed.patience = undefined
      const before = followed.cursor
      if (frame.type === 'snapshot') followed.isReplaying = frame.more
      followed.pending = latest(followed.pending, frame.cursor)
      if (!followed.isReplaying) followed.cursor = latest(followed.cursor, followed.pending)
      return before
    },
    lose({ topic, code }) {
      if (code !== 'unavailable') return forget(topic)
      askLater(topic)
      return false
    },
    close() {
      for (const { timer } of topics.values()) clearTimeout(timer)
    },
  }

  function forget(topic: string): boolean {
    clearTimeout(topics.get(topic)?.timer)
    topics.delete(topic)
    return true
  }

  function askLater(topic: string): void {
    const followed = topics.get(topic)
    if (!followed) return
    followed.patience ??= createBackoff({ ...ASK_AGAIN, ...(random && { random }) })
    clearTimeout(followed.timer)
    followed.timer = setTimeout(() => ask(followFrame(topic)), followed.patience.nextMs())
  }

  function followFrame(topic: string): ClientFrame {
    const followed = topics.get(topic)
    clearTimeout(followed?.timer)
    if (followed) followed.isReplaying = true
    const since = followed?.cursor
    return { type: 'follow', topic, replay: 'last', ...(since !== undefined && { since }) }
  }
}

// Cursors are ISO 8601 in UTC with equal precision: their order is the order of their text.
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}
