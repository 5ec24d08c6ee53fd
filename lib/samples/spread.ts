// How round trips spread: their percentiles, exact or from a histogram.
import { atPlaces } from './nearest-ranks.ts'

/** What else is known of the round trips that are told. */
type Extremes = { received: number; minUs: number; maxUs: number }

/** Round trips in µs, part after part, and of all parts together. */
export type Spread = {
  add(us: number): void
  /** So many round trips of a histogram's bucket (`bucketOf`). */
  addBucket(bucket: number, count: number): void
  /** Ends a part: the round trips at `SHARES` of it; null where there are none. */
  endPart(extremes: Extremes): number[] | null
  /** The same of all parts, of which the last has ended. */
  ofAll(extremes: Extremes): number[] | null
}

/** Nearest ranks (percentile_disc): the median, and what 95 % and 99 % do not exceed. */
const SHARES = [0.5, 0.95, 0.99]

/** From edge to edge of a bucket; its geometric middle is at most 1.99 % off. */
export const BUCKET_RATIO = 1.04
const LN_RATIO = Math.log(BUCKET_RATIO)
/** One of 0 µs, and those of every other number that an int4 holds. */
const BUCKETS = 1 + Math.ceil(Math.log(2 ** 31) / LN_RATIO)

/** The histogram's bucket of a round trip: each is wider than the last by 4 %; 0 µs has its own. */
function bucketOf(us: number): number {
  return us < 1 ? -1 : Math.floor(Math.log(us) / LN_RATIO)
}

/** Of every single round trip. */
export function createExactSpread(): Spread {
  let told = new Int32Array(4_096)
  let begin = 0
  let end = 0

  return {
    add(us) {
      if (end === told.length) {
        const longer = new Int32Array(told.length * 2)
        longer.set(told)
        told = longer
      }
      told[end] = us
      end += 1
    },
    addBucket() {
      throw new Error('A histogram has no exact percentiles.')
    },
    endPart() {
      const part = told.subarray(begin, end)
      begin = end
      return ranked(part)
    },
    ofAll: () => ranked(told.subarray(0, end)),
  }
}

function ranked(values: Int32Array): number[] | null {
  if (values.length === 0) return null
  const places = SHARES.map((share) => Math.ceil(share * values.length) - 1)
  return atPlaces(values, places)
}

/** Buckets that are not empty, in order, and how many fell into each. */
type Buckets = { buckets: number[]; counts: number[] }

/** Within 2 %, and never outside of what was measured. */
export function createHistogram(): Spread & { ofPart(): Buckets } {
  const part = new Float64Array(BUCKETS)
  const all = new Float64Array(BUCKETS)
  let low = BUCKETS
  let high = -1

  return { add: (us) => addBucket(bucketOf(us), 1), addBucket, ofPart, endPart, ofAll }

  function addBucket(bucket: number, count: number): void {
    const place = bucket + 1
    part[place] = (part[place] ?? 0) + count
    if (place < low) low = place
    if (place > high) high = place
  }

  function ofPart(): Buckets {
    const buckets: number[] = []
    const counts: number[] = []
    for (let place = low; place <= high; place += 1) {
      const count = part[place] ?? 0
      if (count === 0) continue
      buckets.push(place - 1)
      counts.push(count)
    }
    return { buckets, counts }
  }

  function endPart(extremes: Extremes): number[] | null {
    const percentiles = near(part, low, extremes)
    for (let place = low; place <= high; place += 1)
      all[place] = (all[place] ?? 0) + (part[place] ?? 0)
    part.fill(0, low, high + 1)
    low = BUCKETS
    high = -1
    return percentiles
  }

  function ofAll(extremes: Extremes): number[] | null {
    return near(all, 0, extremes)
  }
}

function near(counts: Float64Array, low: number, extremes: Extremes): number[] | null {
  const { received, minUs, maxUs } = extremes
  if (received === 0) return null
  let place = low
  let counted = counts[place] ?? 0
  return SHARES.map((share) => {
    const rank = Math.ceil(share * received)
    while (counted < rank && place < BUCKETS) {
      place += 1
      counted += counts[place] ?? 0
    }
    const middle = place === 0 ? 0 : BUCKET_RATIO ** (place - 0.5)
    return Math.round(Math.min(Math.max(middle, minUs), maxUs))
  })
}
