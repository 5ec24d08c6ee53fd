// Adds up what a target answered, in the order of time: single echoes and summaries alike.
import type { Spread } from './spread.ts'

/** Results further apart than so many intervals have unmeasured time between them. */
export const REACH = 1.5

/** Stands for a time or a round trip where there is none. */
const NONE = Number.NaN

/** Times are µs since 1970, round trips µs; `NONE` where nothing was sent, or answered. */
export type Summary = {
  sent: number
  received: number
  minUs: number
  maxUs: number
  sumUs: number
  /** Pairs of consecutive round trips, losses between them passed over, and how far they differ in all. */
  steps: number
  stepSumUs: number
  firstUs: number
  lastUs: number
  /** When the first and last echo left. */
  firstAt: number
  lastAt: number
  /** When the losses that it begins with ended; `NONE` if it begins with none, or all of it is one run. */
  leadingLossUntil: number
  /** Since when there were only losses, if it ends with one. */
  trailingLossFrom: number
  /** The longest run of losses that ended, in µs. */
  longestEnded: number
}

/** What a time from `atUs` on holds: its summary, and its histogram in order. */
export type Slot = { atUs: number; summary: Summary; buckets: number[]; counts: number[] }

/** How a probe measures in a time: every `intervalUs`, and no outage lasts longer than to `endsAt`. */
export type Pace = { intervalUs: number; endsAt: number }

/** A summary that grows; its round trips go into `spread`. */
export type RunningSum = Summary & { spread: Spread; pace: Pace }

// One plain literal: put together of several it would take as long as some hundred results.
export function newSum(spread: Spread): RunningSum {
  return {
    sent: 0,
    received: 0,
    minUs: NONE,
    maxUs: NONE,
    sumUs: 0,
    steps: 0,
    stepSumUs: 0,
    firstUs: NONE,
    lastUs: NONE,
    firstAt: NONE,
    lastAt: NONE,
    leadingLossUntil: NONE,
    trailingLossFrom: NONE,
    longestEnded: 0,
    spread,
    pace: { intervalUs: 0, endsAt: 0 },
  }
}

/** Adds one result that left after all before it: a round trip in µs, or an outcome code below 0. */
export function addEcho(sum: RunningSum, pace: Pace, at: number, v: number): void {
  const isLost = v < 0
  const goesOn = isLost && isFollowed(sum, at)
  if (!goesOn) endOutage(sum, at, at)
  if (isLost && !goesOn) sum.trailingLossFrom = at
  if (sum.sent === 0) sum.firstAt = at
  sum.lastAt = at
  sum.pace = pace
  sum.sent += 1
  if (isLost) return
  sum.received += 1
  sum.sumUs += v
  if (!(v >= sum.minUs)) sum.minUs = v
  if (!(v <= sum.maxUs)) sum.maxUs = v
  addStep(sum, v)
  sum.lastUs = v
  sum.spread.add(v)
}

// Associative: however results are split into stretches, the sum is the same.
function addSummary(sum: RunningSum, pace: Pace, part: Summary): void {
  if (part.sent === 0) return
  const isOneLoss = part.trailingLossFrom === part.firstAt
  const goesOn = isOneLoss && isFollowed(sum, part.firstAt)
  if (!goesOn) {
    const until = part.leadingLossUntil
    endOutage(sum, part.firstAt, Number.isNaN(until) ? part.firstAt : until)
    if (sum.sent === 0) sum.leadingLossUntil = until
    sum.trailingLossFrom = part.trailingLossFrom
  }
  if (part.longestEnded > sum.longestEnded) sum.longestEnded = part.longestEnded
  if (sum.sent === 0) sum.firstAt = part.firstAt
  sum.lastAt = part.lastAt
  sum.pace = pace
  sum.sent += part.sent
  if (part.received === 0) return
  sum.received += part.received
  sum.sumUs += part.sumUs
  if (!(part.minUs >= sum.minUs)) sum.minUs = part.minUs
  if (!(part.maxUs <= sum.maxUs)) sum.maxUs = part.maxUs
  addStep(sum, part.firstUs)
  sum.steps += part.steps
  sum.stepSumUs += part.stepSumUs
  sum.lastUs = part.lastUs
}

/** Adds summaries with their histograms, each later than all before; gives how many results they tell. */
export function addSlots(sum: RunningSum, pace: Pace, slots: Iterable<Slot>): number {
  let sent = 0
  for (const { summary, buckets, counts } of slots) {
    addSummary(sum, pace, summary)
    for (let i = 0; i < buckets.length; i += 1)
      sum.spread.addBucket(buckets[i] ?? 0, counts[i] ?? 0)
    sent += summary.sent
  }
  return sent
}

/**
 * The longest time in µs from the first loss of a run to the answer that ended it. A run that meets
 * unmeasured time, or the end, lasts one interval past its last loss.
 */
export function longestOutage(sum: RunningSum): number {
  if (Number.isNaN(sum.trailingLossFrom)) return sum.longestEnded
  return Math.max(sum.longestEnded, endOfTrailing(sum) - sum.trailingLossFrom)
}

// Nothing unmeasured lies between the losses that it ends with and a result of this time.
function isFollowed(sum: RunningSum, at: number): boolean {
  return !Number.isNaN(sum.trailingLossFrom) && at - sum.lastAt <= REACH * sum.pace.intervalUs
}

function endOfTrailing({ lastAt, pace }: RunningSum): number {
  return Math.min(lastAt + pace.intervalUs, Math.max(lastAt, pace.endsAt))
}

// The losses that it ends with lasted until `until`, if the next result, of `at`, follows them.
function endOutage(sum: RunningSum, at: number, until: number): void {
  const from = sum.trailingLossFrom
  if (Number.isNaN(from)) return
  const end = isFollowed(sum, at) ? until : endOfTrailing(sum)
  if (from === sum.firstAt) sum.leadingLossUntil = end
  if (end - from > sum.longestEnded) sum.longestEnded = end - from
  sum.trailingLossFrom = NONE
}

function addStep(sum: RunningSum, us: number): void {
  if (Number.isNaN(sum.lastUs)) {
    sum.firstUs = us
    return
  }
  sum.steps += 1
  sum.stepSumUs += Math.abs(us - sum.lastUs)
}
