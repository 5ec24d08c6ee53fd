// The echoes under way and lately settled: found by number and nonce, expired in time.

/** What an echo knows of its probe: the parameters it was sent with, whatever they are by now. */
export type Flight<Probe> = {
  /** 32 bits, so that it outlasts the 16 bits of an ICMP sequence. */
  number: number
  nonceHigh: number
  nonceLow: number
  probe: Probe
  sentMs: number
  timeoutMs: number
  state: 'waiting' | 'settled' | 'lost' | 'cancelled'
}

export type Flights<Probe> = {
  /** Numbers a new echo; undefined when more are under way than may be remembered. */
  open(probe: Probe, timeoutMs: number, nowMs: number): Flight<Probe> | undefined
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
  settle(flight: Flight<Probe>, state: 'settled' | 'lost' | 'cancelled'): void
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
  let ring: (Flight<Probe> | undefined)[] = new Array(FIRST_SIZE).fill(undefined)
  let lastNumber = drawNonce() >>> 0
  let expiredBucket = -1
  let waiting = 0

  return {
    open(probe, timeoutMs, nowMs) {
      const number = (lastNumber + 1) >>> 0
      while (isNeeded(at(number), nowMs) && ring.length < limit) grow()
      const former = at(number)
      if (former?.state === 'waiting') return undefined
      lastNumber = number
      waiting += 1
      awaitExpiry(number, nowMs + timeoutMs)
      const flight = former ?? place(number, probe)
      flight.number = number
      flight.nonceHigh = drawNonce() >>> 0
      flight.nonceLow = drawNonce() >>> 0
      flight.probe = probe
      flight.sentMs = nowMs
      flight.timeoutMs = timeoutMs
      flight.state = 'waiting'
      return flight
    },
    find(number, nonceHigh, nonceLow) {
      const flight = at(number)
      const isOurs = flight?.number === number && flight.state !== 'cancelled'
      return isOurs && flight.nonceHigh === nonceHigh && flight.nonceLow === nonceLow
        ? flight
        : undefined
    },
    findWaiting(sequence, isMatch) {
      const newest = lastNumber - ((lastNumber - sequence) & (SEQUENCES - 1))
      for (let back = 0; back < ring.length; back += SEQUENCES) {
        const number = (newest - back) >>> 0
        const flight = at(number)
        if (flight?.number === number && flight.state === 'waiting' && isMatch(flight)) {
          return flight
        }
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

  // What is forgotten is written over: a new object an echo would be two thirds of all garbage.
  function place(number: number, probe: Probe): Flight<Probe> {
    const facts = { number, nonceHigh: 0, nonceLow: 0, probe, sentMs: 0, timeoutMs: 0 }
    const flight: Flight<Probe> = { ...facts, state: 'waiting' }
    ring[number & (ring.length - 1)] = flight
    return flight
  }

  function at(number: number): Flight<Probe> | undefined {
    return ring[number & (ring.length - 1)]
  }

  function isNeeded(flight: Flight<Probe> | undefined, nowMs: number): boolean {
    if (!flight || flight.state === 'cancelled') return false
    return flight.state === 'waiting' || nowMs < flight.sentMs + flight.timeoutMs + LATE_MS
  }

  function grow(): void {
    const wider: typeof ring = new Array(ring.length * 2).fill(undefined)
    for (const flight of ring) if (flight) wider[flight.number & (wider.length - 1)] = flight
    ring = wider
  }

  function expireBucket(index: number, nowMs: number, onLost: (flight: Flight<Probe>) => void) {
    const numbers = buckets[index] ?? []
    if (numbers.length === 0) return
    buckets[index] = []
    for (const number of numbers) {
      const flight = at(number)
      if (flight?.number !== number || flight.state !== 'waiting') continue
      if (flight.sentMs + flight.timeoutMs > nowMs) {
        awaitExpiry(number, flight.sentMs + flight.timeoutMs)
        continue
      }
      settle(flight, 'lost')
      onLost(flight)
    }
  }

  function awaitExpiry(number: number, deadlineMs: number): void {
    buckets[(bucketOf(deadlineMs) + 1) % BUCKETS]?.push(number)
  }

  function settle(flight: Flight<Probe>, state: 'settled' | 'lost' | 'cancelled'): void {
    if (flight.state === 'waiting') waiting -= 1
    flight.state = state
  }
}

function bucketOf(timeMs: number): number {
  return Math.floor(timeMs / BUCKET_MS)
}
