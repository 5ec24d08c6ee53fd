// What this tab follows: topics by reference count, each with the cursor to resume from.
import type { ClientFrame, ServerFrame } from '#lib/live/protocol.ts'

type Followed = {
  count: number
  /** Everything up to here has arrived. */
  cursor: string | undefined
  /** While a snapshot is incomplete, later cursors promise too much; they wait here. */
  pending: string | undefined
  isReplaying: boolean
}

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
  /** The server ended the topic: it is not asked for again. */
  drop(topic: string): void
}

export function createLiveTopics(): LiveTopics {
  const topics = new Map<string, Followed>()

  return {
    add(topic) {
      const followed = topics.get(topic)
      if (followed) {
        followed.count += 1
        return false
      }
      topics.set(topic, { count: 1, cursor: undefined, pending: undefined, isReplaying: false })
      return true
    },
    remove(topic) {
      const followed = topics.get(topic)
      if (!followed) return false
      followed.count -= 1
      return followed.count === 0 && topics.delete(topic)
    },
    has: (topic) => topics.has(topic),
    followFrame,
    followFrames: () => [...topics.keys()].map(followFrame),
    note(frame) {
      if (frame.type !== 'snapshot' && frame.type !== 'event') return undefined
      const followed = topics.get(frame.topic)
      if (!followed) return undefined
      const before = followed.cursor
      if (frame.type === 'snapshot') followed.isReplaying = frame.more
      followed.pending = latest(followed.pending, frame.cursor)
      if (!followed.isReplaying) followed.cursor = latest(followed.cursor, followed.pending)
      return before
    },
    drop: (topic) => void topics.delete(topic),
  }

  function followFrame(topic: string): ClientFrame {
    const followed = topics.get(topic)
    if (followed) followed.isReplaying = true
    const since = followed?.cursor
    return { type: 'follow', topic, ...(since !== undefined && { since }) }
  }
}

// Cursors are ISO 8601 in UTC with equal precision: their order is the order of their text.
function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}
