// The echoes under way and lately settled: found by number and nonce, expired in time.
import { createFlightTable } from './flight-table.ts'

/** An echo as it stood when it was opened or found: a copy, for the table itself is of numbers. */
export type Flight<Probe> = {
  /** 32 bits, so that it outlasts the 16 bits of an ICMP sequence. */
  number: number
  nonceHigh: number
  nonceLow: number
  /** With the parameters it was sent with, whatever they are by now. */
  probe: Probe
  sentMs: number
  timeoutMs: number
  state: FlightState
}

export type FlightState = 'waiting' | 'settled' | 'lost' | 'cancelled'

export type Flights<Probe> = {
  /** Numbers a new echo; undefined when more are under way than may be remembered. */
  open(probe: Probe, timeoutMs: number, nowMs: number): Flight<Probe> | undefined
  /** Takes over when an echo truly left. */
  noteSent(flight: Flight<Probe>): void
  /** The echo that a reply names; undefined unless number and nonce are both ours. */
  find(number: number, nonceHigh: number, nonceLow: number): Flight<Probe> | undefined
  /** The newest waiting echo with this ICMP sequence that `isMatch` accepts. */
  findWaiting(
    sequence: number,
    isMatch: (flight: Flight<Probe>) => boolean,
  ): Flight<Probe> | undefined
  /** Hands over the echoes whose time is up, marked lost. */
  expire(nowMs: number, onLost: (flight: Flight<Probe>) => void): void
  waiting(): number
  /** Ends the wait for an echo: it was answered, or never left. */
  settle(flight: Flight<Probe>, state: Exclude<FlightState, 'waiting'>): void
}

export type FlightsOptions = { drawNonce: () => number; limit: number }

/** A reply up to this long after its timeout is known as late. */
const LATE_MS = 10_000

const BUCKET_MS = 8
const BUCKETS = 2_048
const FIRST_SIZE = 1_024
const SEQUENCES = 65_536

/** A ring indexed by number, which doubles while the echo to be overwritten is still of interest. */
export function createFlights<Probe>(options: FlightsOptions): Flights<Probe> {
  const { drawNonce, limit } = options
  // Numbers by the time they expire; BUCKETS * BUCKET_MS exceeds the longest timeout.
  const buckets: number[][] = Array.from({ length: BUCKETS }, () => [])
  let table = createFlightTable<Probe>(FIRST_SIZE)
  let lastNumber = drawNonce() >>> 0
  let expiredBucket = -1
  let waiting = 0

  return {
    open(probe, timeoutMs, nowMs) {
      const number = (lastNumber + 1) >>> 0
      while (isNeeded(number, nowMs) && table.size < limit) table = table.doubled()
      if (table.stateAt(number) === 'waiting') return undefined
      lastNumber = number
      waiting += 1
      awaitExpiry(number, nowMs + timeoutMs)
      const [nonceHigh, nonceLow] = [drawNonce() >>> 0, drawNonce() >>> 0]
      const times = { sentMs: nowMs, timeoutMs }
      const flight = { number, nonceHigh, nonceLow, probe, ...times, state: 'waiting' as const }
      table.write(flight)
      return flight
    },
    noteSent: (flight) => table.writeSent(flight.number, flight.sentMs),
    find(number, nonceHigh, nonceLow) {
      const flight = table.read(number)
      const isOurs = flight?.nonceHigh === nonceHigh && flight.nonceLow === nonceLow
      return isOurs && flight.state !== 'cancelled' ? flight : undefined
    },
    findWaiting(sequence, isMatch) {
      const newest = lastNumber - ((lastNumber - sequence) & (SEQUENCES - 1))
      for (let back = 0; back < table.size; back += SEQUENCES) {
        const flight = table.read((newest - back) >>> 0)
        if (flight?.state === 'waiting' && isMatch(flight)) return flight
      }
      return undefined
    },
    expire(nowMs, onLost) {
      const last = bucketOf(nowMs) - 1
      const first = Math.max(expiredBucket + 1, last - BUCKETS + 1)
      for (let bucket = first; bucket <= last; bucket += 1) {
        expireBucket(bucket % BUCKETS, nowMs, onLost)
      }
      expiredBucket = Math.max(expiredBucket, last)
    },
    waiting: () => waiting,
    settle,
  }

  function isNeeded(number: number, nowMs: number): boolean {
    const state = table.stateAt(number)
    if (state === undefined || state === 'cancelled') return false
    return state === 'waiting' || nowMs < table.deadlineMs(number) + LATE_MS
  }

  function expireBucket(index: number, nowMs: number, onLost: (flight: Flight<Probe>) => void) {
    const numbers = buckets[index] ?? []
    if (numbers.length === 0) return
    buckets[index] = []
    for (const number of numbers) {
      // Most were answered: nothing is read of those but their state.
      if (table.stateAt(number) !== 'waiting') continue
      const flight = table.read(number)
      if (!flight) continue
      const deadlineMs = flight.sentMs + flight.timeoutMs
      if (deadlineMs > nowMs) {
        awaitExpiry(number, deadlineMs)
        continue
      }
      settle(flight, 'lost')
      onLost(flight)
    }
  }

  function awaitExpiry(number: number, deadlineMs: number): void {
    buckets[(bucketOf(deadlineMs) + 1) % BUCKETS]?.push(number)
  }

  function settle(flight: Flight<Probe>, state: Exclude<FlightState, 'waiting'>): void {
    if (table.read(flight.number)?.state === 'waiting') waiting -= 1
    flight.state = state
    table.writeState(flight.number, state)
  }
}

function bucketOf(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS)
}
