// What results add up to in any order: counts, sums, and a histogram for percentiles.

/** Of a stretch of results, or of several targets together. */
export type Totals = {
  sent: number
  received: number
  minUs: number | null
  maxUs: number | null
  sumUs: number
  sumSquares: number
  /** How many round trips fell into which bucket (`bucketOf`). */
  histogram: ReadonlyMap<number, number>
  /** Pairs of consecutive round trips, losses between them passed over, and how far they differ in all. */
  steps: number
  stepSumUs: number
}

/** Totals that grow. */
export type Tally = Omit<Totals, 'histogram'> & { histogram: Map<number, number> }

/** From edge to edge of a bucket; its geometric middle is at most 1.99 % off. */
export const BUCKET_RATIO = 1.04

export function newTally(): Tally {
  return {
    sent: 0,
    received: 0,
    minUs: null,
    maxUs: null,
    sumUs: 0,
    sumSquares: 0,
    histogram: new Map(),
    steps: 0,
    stepSumUs: 0,
  }
}

/** Adds up stretches of which none follows another: those of a group's targets. */
export function poolTotals(parts: Iterable<Totals>): Totals {
  const tally = newTally()
  for (const part of parts) addTotals(tally, part)
  return tally
}

export function addTotals(tally: Tally, part: Totals): void {
  tally.sent += part.sent
  tally.received += part.received
  tally.minUs = ofBoth(Math.min, tally.minUs, part.minUs)
  tally.maxUs = ofBoth(Math.max, tally.maxUs, part.maxUs)
  tally.sumUs += part.sumUs
  tally.sumSquares += part.sumSquares
  tally.steps += part.steps
  tally.stepSumUs += part.stepSumUs
  for (const [bucket, count] of part.histogram) addToBucket(tally, bucket, count)
}

/** Adds one result: a round trip in µs, or an outcome code below 0. */
export function addResult(tally: Tally, v: number): void {
  tally.sent += 1
  if (v < 0) return
  tally.received += 1
  tally.minUs = Math.min(tally.minUs ?? v, v)
  tally.maxUs = Math.max(tally.maxUs ?? v, v)
  tally.sumUs += v
  tally.sumSquares += v * v
  addToBucket(tally, bucketOf(v), 1)
}

/** The mean round trip in µs; null where none came back, as with all that follow. */
export function averageUs({ received, sumUs }: Totals): number | null {
  return received > 0 ? sumUs / received : null
}

/** The mean absolute difference of consecutive round trips in µs. */
export function jitterUs({ steps, stepSumUs }: Totals): number | null {
  return steps > 0 ? stepSumUs / steps : null
}

/** The round trip in µs that `share` of them do not exceed (percentile_disc), within 2 %. */
export function percentileUs(totals: Totals, share: number): number | null {
  if (totals.received === 0) return null
  return rankedUs(totals, Math.ceil(share * totals.received))
}

/** The histogram's bucket of a round trip: each is wider than the last by 4 %; 0 µs has its own. */
function bucketOf(us: number): number {
  return us < 1 ? -1 : Math.floor(Math.log(us) / Math.log(BUCKET_RATIO))
}

// Ranks are counted from 1.
function rankedUs({ histogram, minUs, maxUs }: Totals, rank: number): number {
  let counted = 0
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    counted += count
    if (counted < rank) continue
    const middle = bucket < 0 ? 0 : BUCKET_RATIO ** (bucket + 0.5)
    return Math.min(Math.max(middle, minUs ?? middle), maxUs ?? middle)
  }
  return maxUs ?? 0
}

function addToBucket({ histogram }: Tally, bucket: number, count: number): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + count)
}

function ofBoth(pick: typeof Math.min, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : pick(a, b)
}
