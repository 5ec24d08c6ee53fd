// A bounded record of this tab's live traffic, kept only while somebody inspects it.
import type { SharedStream, TransportName } from './live-transport.ts'
import { type FollowedTopic, nextTopics } from './recorded-topics.ts'

const MAX_ENTRIES = 2_000
/** Snapshots are large: what is kept is bounded in characters too. */
const MAX_CHARACTERS = 4_000_000
/** How often at most those who watch are told. */
const TELL_MS = 100
const ROUND_TRIPS = 20
/** Of a WebSocket and of an EventSource alike. */
const OPEN = 1
/** A topic that nobody may have: the server's `denied` is the echo. */
const ECHO_TOPIC = 'round-trip'

export type RecordedKind = 'in' | 'out' | 'open' | 'error' | 'close'

export type Recorded = {
  id: number
  atMs: number
  transport: TransportName
  kind: RecordedKind
  /** A frame's text; for an event of the connection what the browser told about it. */
  text: string
  bytes: number
  /** The kind of frame, `event samples.arrived` for one, or the event's name. */
  label: string
}

/** A road while it is open, and the browser's own object for it where it has one. */
export type RecordedRoad = {
  transport: TransportName
  source: WebSocket | EventSource | undefined
  /** Where the tabs share one EventSource. */
  stream: (() => SharedStream) | undefined
  ask(frame: { type: 'follow'; topic: string }): void
}

export type Happening = { count: number; lastMs: number }

export type LiveRecord = {
  add(entry: Pick<Recorded, 'transport' | 'kind' | 'text'>): void
  /** The road that was taken last. */
  enter(road: RecordedRoad): void
  road(): RecordedRoad | undefined
  /** Oldest first, as subscribers were told: a new list each time. */
  entries(): readonly Recorded[]
  /** How many were forgotten for want of room. */
  forgotten(): number
  happened(kind: RecordedKind): Happening
  /** The newest entry with this label, even where the list has forgotten it. */
  latest(label: string): Recorded | undefined
  topics(): readonly FollowedTopic[]
  /** Sends a question that the server answers at once; the time goes into `roundTripsMs`. */
  measure(): void
  /** The newest first. */
  roundTripsMs(): readonly number[]
  clear(): void
  subscribe(callback: () => void): () => void
  /** Changes with every change that subscribers are told of. */
  version(): number
}

export function createLiveRecord(): LiveRecord {
  const happenings = new Map<RecordedKind, Happening>()
  const newest = new Map<string, Recorded>()
  const subscribers = new Set<() => void>()
  const encoder = new TextEncoder()
  let entries: Recorded[] = []
  let told: readonly Recorded[] = []
  let characters = 0
  let forgotten = 0
  let nextId = 1
  let version = 0
  let road: RecordedRoad | undefined
  let topics: FollowedTopic[] = []
  let roundTripsMs: number[] = []
  let askedMs: number | undefined
  let isTelling = false

  return {
    add,
    enter(next) {
      road = next
      askedMs = undefined
      topics = []
      roundTripsMs = []
      for (const label of ['welcome', 'ping']) newest.delete(label)
      tell()
    },
    road: () => road,
    entries: () => told,
    forgotten: () => forgotten,
    happened: (kind) => happenings.get(kind) ?? { count: 0, lastMs: 0 },
    latest: (label) => newest.get(label),
    topics: () => topics,
    measure() {
      // Polling answers in its own time: that would be no round trip.
      if (!road || (road.source ?? road.stream?.())?.readyState !== OPEN) return
      askedMs = performance.now()
      road.ask({ type: 'follow', topic: ECHO_TOPIC })
    },
    roundTripsMs: () => roundTripsMs,
    clear() {
      entries = []
      characters = forgotten = 0
      tell()
    },
    subscribe(callback) {
      subscribers.add(callback)
      return () => {
        subscribers.delete(callback)
      }
    },
    version: () => version,
  }

  function add({ transport, kind, text }: Pick<Recorded, 'transport' | 'kind' | 'text'>): void {
    const atMs = performance.timeOrigin + performance.now()
    const isFrame = kind === 'in' || kind === 'out'
    const label = isFrame ? labelOf(text) : kind
    const bytes = isFrame ? encoder.encode(text).length : 0
    const entry = { id: nextId++, atMs, transport, kind, text, bytes, label }
    entries.push(entry)
    newest.set(label, entry)
    characters += text.length
    forget()
    happenings.set(kind, { count: (happenings.get(kind)?.count ?? 0) + 1, lastMs: atMs })
    if (isFrame && text.includes(`"${ECHO_TOPIC}"`)) hearEcho(kind)
    else if (isFrame) topics = nextTopics(topics, { kind, text, atMs, bytes })
    tell()
  }

  function forget(): void {
    let surplus = 0
    while (entries.length - surplus > MAX_ENTRIES || characters > MAX_CHARACTERS) {
      characters -= entries[surplus]?.text.length ?? 0
      surplus += 1
    }
    entries.splice(0, surplus)
    forgotten += surplus
  }

  function hearEcho(kind: RecordedKind): void {
    if (kind !== 'in' || askedMs === undefined) return
    roundTripsMs = [performance.now() - askedMs, ...roundTripsMs].slice(0, ROUND_TRIPS)
    askedMs = undefined
  }

  function tell(): void {
    if (isTelling) return
    isTelling = true
    setTimeout(() => {
      isTelling = false
      version += 1
      told = [...entries]
      for (const callback of subscribers) callback()
    }, TELL_MS)
  }
}

// Frames begin with their type, but for snapshots, which begin with the reader's role.
function labelOf(text: string): string {
  const [first = '?', second] = [...text.slice(0, 400).matchAll(/"type":"([^"]+)"/g)].map(
    ([, type]) => type,
  )
  return first === 'event' && second ? `${first} ${second}` : first
}
