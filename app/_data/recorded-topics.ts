// What an inspected connection follows: each topic's state, told from the frames alone.
import type { RecordedKind } from './live-record.ts'

export type TopicState = 'asked' | 'replaying' | 'live' | 'denied' | 'ended'

export type FollowedTopic = {
  topic: string
  state: TopicState
  cursor: string | undefined
  snapshots: number
  events: number
  bytes: number
  lastMs: number
}

export type RecordedFrame = { kind: RecordedKind; text: string; atMs: number; bytes: number }

type Facts = { type?: unknown; topic?: unknown; cursor?: unknown; more?: unknown }

/** The topics after one more frame, in the order in which they were asked for. */
export function nextTopics(topics: FollowedTopic[], frame: RecordedFrame): FollowedTopic[] {
  const { type, topic, cursor, more } = factsOf(frame.text)
  if (typeof topic !== 'string' || typeof type !== 'string') return topics
  if (frame.kind === 'out') {
    if (type === 'follow') return ask(topics, topic, frame.atMs)
    return type === 'unfollow' ? without(topics, topic) : topics
  }
  return topics.map((followed) =>
    followed.topic === topic
      ? {
          ...followed,
          state: stateAfter(followed.state, type, more === true),
          cursor: typeof cursor === 'string' ? cursor : followed.cursor,
          snapshots: followed.snapshots + Number(type === 'snapshot'),
          events: followed.events + Number(type === 'event'),
          bytes: followed.bytes + frame.bytes,
          lastMs: frame.atMs,
        }
      : followed,
  )
}

function ask(topics: FollowedTopic[], topic: string, lastMs: number): FollowedTopic[] {
  const blank = { cursor: undefined, snapshots: 0, events: 0, bytes: 0, lastMs }
  return [...without(topics, topic), { topic, state: 'asked', ...blank }]
}

function without(topics: FollowedTopic[], topic: string): FollowedTopic[] {
  return topics.filter((followed) => followed.topic !== topic)
}

function stateAfter(state: TopicState, type: string, hasMore: boolean): TopicState {
  if (type === 'snapshot') return hasMore ? 'replaying' : 'live'
  if (type === 'denied' || type === 'ended') return type
  return state
}

function factsOf(text: string): Facts {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : {}
  } catch {
    return {}
  }
}
