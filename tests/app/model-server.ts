// A server in small for one topic of one connection: what it stored, when it sends what.
import type { ClientFrame, ServerFrame } from '#lib/live/protocol.ts'
import { noSamples } from '#lib/samples/contract.ts'
import { aGroup } from './rows.ts'

const GROUP = aGroup()
export const TOPIC = `group:${GROUP.id}`

/** The cursor after the `n`-th sample: its order is its text's. */
const cursorOf = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString()
const numberOf = (cursor: string | undefined) =>
  cursor === undefined ? 0 : (Date.parse(cursor) - Date.UTC(2026, 0, 1)) / 1_000

/** Everything that is stored; samples are numbered from 1. */
export type Stored = { count: number }

export type ModelServer = ReturnType<typeof openModelServer>

/** `send` takes frames in order; `step` does one thing that waits to be done. */
export function openModelServer(stored: Stored, send: (frame: ServerFrame) => void) {
  const posted: ClientFrame[] = []
  let follower: { cursor: string | undefined; isMissing: boolean } | undefined
  let snapshot: ServerFrame[] | undefined
  let pending: ServerFrame[] = []
  let follows = 0
  greet()

  return {
    post: (frame: ClientFrame) => void posted.push(frame),
    /** False when nothing waits. */
    step(): boolean {
      const frame = posted.shift()
      if (frame) take(frame)
      else if (snapshot) sendNext(snapshot)
      else if (follower?.isMissing) read(follower)
      else return false
      return true
    },
    /** One frame of the snapshot under way leaves before what is posted is looked at. */
    sendNext: () => snapshot && sendNext(snapshot),
    store() {
      stored.count += 1
      const event = { type: 'samples.arrived' as const, samples: samplesTo(stored.count - 1) }
      const frame = { type: 'event' as const, topic: TOPIC, cursor: cursorOf(stored.count), event }
      if (!follower || follower.isMissing) return
      if (snapshot) pending.push(frame)
      else deliver(frame)
    },
    /** As after a gap: what was missed is read again, unasked. */
    miss() {
      if (follower) follower.isMissing = true
      snapshot = undefined
      pending = []
    },
    follows: () => follows,
    isFollowed: () => follower !== undefined,
  }

  function greet(): void {
    const now = cursorOf(0)
    send({
      type: 'welcome',
      connection: 'live.1',
      protocol: 'echowall.v1',
      heartbeat_seconds: 20,
      now,
    })
  }

  function take(frame: ClientFrame): void {
    if (frame.type === 'pong') return
    snapshot = undefined
    pending = []
    follower = frame.type === 'follow' ? { cursor: frame.since, isMissing: true } : undefined
    if (frame.type === 'follow') follows += 1
  }

  // The first frame has the group and the newest sample, the others every sample, two at a time.
  function read(by: NonNullable<typeof follower>): void {
    by.isMissing = false
    const { cursor: since } = by
    const from = numberOf(since)
    const unfinished = { cursor: since ?? cursorOf(0), complete_from: cursorOf(0) }
    const facts = { type: 'snapshot' as const, topic: TOPIC, at: cursorOf(0), ...unfinished }
    const starts = [...Array(Math.ceil((stored.count - from) / 2)).keys()].map((i) => from + 2 * i)
    const rest = starts.map((start) => ({ ...facts, more: true, samples: samplesTo(start, 2) }))
    const head = { ...facts, ...(since && { since }), group: GROUP, targets: [] }
    snapshot = [{ ...head, more: true, samples: samplesTo(stored.count - 1) }, ...rest]
    Object.assign(snapshot.at(-1) ?? {}, { more: false, cursor: cursorOf(stored.count) })
  }

  function sendNext(frames: ServerFrame[]): void {
    const frame = frames.shift()
    if (frame) send(frame)
    if (frames.length > 0) return
    snapshot = undefined
    if (follower && frame?.type === 'snapshot') follower.cursor = frame.cursor
    for (const event of pending.splice(0)) deliver(event)
  }

  function deliver(frame: ServerFrame): void {
    send(frame)
    if (follower && frame.type === 'event') follower.cursor = frame.cursor
  }

  /** Samples `after + 1` and so on: each one's number is its time. */
  function samplesTo(after: number, count = 1) {
    const samples = noSamples(0)
    for (let n = Math.max(0, after) + 1; n <= Math.min(after + count, stored.count); n += 1) {
      samples.n.push(1)
      samples.d.push(n)
      samples.v.push(n)
    }
    return samples
  }
}
