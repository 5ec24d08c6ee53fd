// Reads the browser's own object of the connection, and what its frames told.
import type { LiveRecord, Recorded } from '../_data/live-record.ts'

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
  bufferedAmount: number | undefined
  connection: string | undefined
  heartbeatSeconds: number | undefined
  lastPingMs: number | undefined
  lastClose: string | undefined
}

export function roadFacts(record: LiveRecord): RoadFacts {
  const road = record.road()
  const source = road?.source
  const told = {
    ...readWelcome(record.latest('welcome')),
    lastPingMs: record.latest('ping')?.atMs,
    lastClose: record.latest('close')?.text,
  }
  if (source instanceof WebSocket) {
    const { url, protocol, extensions, binaryType, bufferedAmount } = source
    const readyState = stateOf(source.readyState, WEB_SOCKET_STATES)
    const subprotocol = protocol || undefined
    return { url, subprotocol, extensions, binaryType, readyState, bufferedAmount, ...told }
  }
  return {
    url: source?.url ?? (road && `${location.origin}/live?topic=…`),
    subprotocol: undefined,
    extensions: undefined,
    binaryType: undefined,
    readyState: source && stateOf(source.readyState, EVENT_SOURCE_STATES),
    bufferedAmount: undefined,
    ...told,
  }
}

function stateOf(state: number, words: string[]): string {
  return `${state} ${words[state] ?? ''}`
}

function readWelcome(entry: Recorded | undefined) {
  const connection = /"connection":"([^"]+)"/.exec(entry?.text ?? '')?.[1]
  const seconds = /"heartbeat_seconds":(\d+)/.exec(entry?.text ?? '')?.[1]
  return { connection, heartbeatSeconds: seconds === undefined ? undefined : Number(seconds) }
}
