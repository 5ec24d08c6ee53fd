// Reads the browser's own object of the connection, and what its frames told.
import type { LiveRecord, Recorded, RecordedRoad } from '../_data/live-record.ts'
import type { SharedStream } from '../_data/live-transport.ts'

const WEB_SOCKET_STATES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED']
const EVENT_SOURCE_STATES = ['CONNECTING', 'OPEN', 'CLOSED']

/** Undefined where the transport has no such thing. */
export type RoadFacts = {
  url: string | undefined
  subprotocol: string | undefined
  extensions: string | undefined
  binaryType: string | undefined
  /** The number and its word: `1 OPEN`. */
  readyState: string | undefined
  sharing: SharedStream | undefined
  bufferedAmount: number | undefined
  connection: string | undefined
  heartbeatSeconds: number | undefined
  lastPingMs: number | undefined
  lastClose: string | undefined
}

export function roadFacts(record: LiveRecord): RoadFacts {
  const road = record.road()
  const source = road?.source
  const sharing = road?.stream?.()
  const told = {
    ...readWelcome(record.latest('welcome')),
    lastPingMs: record.latest('ping')?.atMs,
    lastClose: record.latest('close')?.text,
  }
  if (source && 'bufferedAmount' in source) {
    const { url, protocol, extensions, binaryType, bufferedAmount } = source
    const readyState = stateOf(source.readyState, WEB_SOCKET_STATES)
    const subprotocol = protocol || undefined
    const facts = { url, subprotocol, extensions, binaryType, readyState, bufferedAmount }
    return { ...facts, sharing, ...told }
  }
  const stream = source ?? sharing
  return {
    url: road && urlOf(road),
    subprotocol: undefined,
    extensions: undefined,
    binaryType: undefined,
    readyState: stream && stateOf(stream.readyState, EVENT_SOURCE_STATES),
    sharing,
    bufferedAmount: undefined,
    ...told,
  }
}

function urlOf({ transport, source }: RecordedRoad): string {
  const { href } = new URL('/live', location.href)
  return source?.url ?? (transport === 'polling' ? `${href}?topic=…` : href)
}

function stateOf(state: number, words: string[]): string {
  return `${state} ${words[state] ?? ''}`
}

function readWelcome(entry: Recorded | undefined) {
  const connection = /"connection":"([^"]+)"/.exec(entry?.text ?? '')?.[1]
  const seconds = /"heartbeat_seconds":(\d+)/.exec(entry?.text ?? '')?.[1]
  return { connection, heartbeatSeconds: seconds === undefined ? undefined : Number(seconds) }
}
