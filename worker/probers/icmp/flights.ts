// The echoes under way and lately settled: found by number and nonce, expired in time.
import { createFlightTable, NO_ECHO } from './flight-table.ts'

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

export type FlightState = 'waiting' | 'settled' | 'lost'

export type Flights<Probe> = {
  /**
   * Numbers a new echo, which is forgotten unless `noteSent` follows; undefined when more are under
   * way than may be remembered.
   */
  open(probe: Probe, timeoutMs: number, nowMs: number): Flight<Probe> | undefined
  /** Remembers the echo just opened: it left. */
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
  /** Ends the wait for an echo: it was answered. */
  settle(flight: Flight<Probe>): void
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
  // By the time they expire, the echo last added, each linked to the one before.
  const buckets = new Float64Array(BUCKETS).fill(NO_ECHO)
  let table = createFlightTable<Probe>(FIRST_SIZE)
  let lastNumber = drawNonce() >>> 0
  let expiredBucket = -1
  let waiting = 0

  return {
    open(probe, timeoutMs, nowMs) {
      const number = (lastNumber + 1) >>> 0
      while (isNeeded(number, nowMs) && table.size < limit) table = table.doubled()
      if (isLinked(number)) return undefined
      const [nonceHigh, nonceLow] = [drawNonce() >>> 0, drawNonce() >>> 0]
      return { number, nonceHigh, nonceLow, probe, sentMs: nowMs, timeoutMs, state: 'waiting' }
    },
    noteSent(flight) {
      lastNumber = flight.number
      waiting += 1
      table.write(flight)
      awaitExpiry(flight.number)
    },
    find(number, nonceHigh, nonceLow) {
      const flight = table.read(number)
      const isOurs = flight?.nonceHigh === nonceHigh && flight.nonceLow === nonceLow
      return isOurs ? flight : undefined
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
        expiredBucket = bucket
        expireBucket(bucket, nowMs, onLost)
      }
    },
    waiting: () => waiting,
    settle(flight) {
      end(flight, 'settled')
    },
  }

  function isNeeded(number: number, nowMs: number): boolean {
    const isKnown = table.stateAt(number) !== undefined
    return isKnown && (isLinked(number) || nowMs < table.deadlineMs(number) + LATE_MS)
  }

  function isLinked(number: number): boolean {
    return table.stateAt(number) !== undefined && lastBucketOf(number) > expiredBucket
  }

  function expireBucket(bucket: number, nowMs: number, onLost: (flight: Flight<Probe>) => void) {
    let number = buckets[bucket % BUCKETS] ?? NO_ECHO
    buckets[bucket % BUCKETS] = NO_ECHO
    while (number !== NO_ECHO) {
      const next = table.linked(number)
      // Most were answered: nothing is read of those but their state.
      if (table.stateAt(number) === 'waiting') expireEcho(number, nowMs, onLost)
      number = next
    }
  }

  function expireEcho(number: number, nowMs: number, onLost: (flight: Flight<Probe>) => void) {
    const flight = table.read(number)
    if (!flight) return
    if (table.deadlineMs(number) > nowMs) return awaitExpiry(number)
    end(flight, 'lost')
    onLost(flight)
  }

  function awaitExpiry(number: number): void {
    const index = lastBucketOf(number) % BUCKETS
    table.link(number, buckets[index] ?? NO_ECHO)
    buckets[index] = number
  }

  // The first that is over only when the echo's time is up.
  function lastBucketOf(number: number): number {
    return bucketOf(table.deadlineMs(number)) + 1
  }

  function end(flight: Flight<Probe>, state: 'settled' | 'lost'): void {
    if (flight.state === 'waiting') waiting -= 1
    flight.state = state
    table.writeState(flight.number, state)
  }
}

function bucketOf(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS)
}
