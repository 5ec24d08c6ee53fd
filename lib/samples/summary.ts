// What a stretch of one target's results comes down to, and how such summaries join.
import { addResult, addTotals, newTally, type Tally, type Totals } from './totals.ts'

/** One result: `at` in ms since 1970, `v` the round trip in µs or an outcome code below 0. */
export type Result = { at: number; v: number }

/** Where a stretch begins and ends, so that it joins the one before and the one after. */
type Edges = {
  /** The probe's interval at the end: further apart than 1.5 of it, and something was not measured. */
  intervalMs: number
  /** When the first and last result left; null without any result. */
  firstAt: number | null
  lastAt: number | null
  /** The first and last round trip. */
  firstUs: number | null
  lastUs: number | null
  /** When the losses that it begins with ended; null if it begins with none, or all of it is one run. */
  leadingLossUntil: number | null
  /** Since when there were only losses, if it ends with one. */
  trailingLossFrom: number | null
  /** The longest run of losses that ended in it. */
  longestEndedMs: number
}

/** Results of one target in their order. */
export type Summary = Totals & Edges

/** Results further apart than so many intervals have unmeasured time between them. */
export const REACH = 1.5

const noEdges: Edges = {
  intervalMs: 0,
  firstAt: null,
  lastAt: null,
  firstUs: null,
  lastUs: null,
  leadingLossUntil: null,
  trailingLossFrom: null,
  longestEndedMs: 0,
}

/** Sums up results of one probe, which come in order. */
export function summarize(results: Iterable<Result>, intervalMs: number): Summary {
  const tally = newTally()
  let edges = noEdges
  for (const { at, v } of results) {
    const one = edgesOf({ at, v }, intervalMs)
    addResult(tally, v)
    addStep(tally, edges, one)
    edges = joinEdges(edges, one)
  }
  return { ...tally, ...edges }
}

/**
 * The summary of all these stretches, of which each begins after the end of the one before.
 * Associative: however results are split, the joined parts tell what the whole tells.
 */
export function joinSummaries(parts: Iterable<Summary>): Summary {
  const tally = newTally()
  let edges = noEdges
  for (const part of parts) {
    addTotals(tally, part)
    addStep(tally, edges, part)
    edges = joinEdges(edges, part)
  }
  // The edges of a single part are the part itself.
  return { ...edges, ...tally }
}

/**
 * The longest time in ms from the first loss of a run to the answer that ended it. A run that meets
 * unmeasured time, or the end, lasts one interval past its last loss.
 */
export function longestOutageMs(summary: Summary): number {
  const { longestEndedMs, trailingLossFrom, lastAt, intervalMs } = summary
  if (trailingLossFrom === null || lastAt === null) return longestEndedMs
  return Math.max(longestEndedMs, lastAt + intervalMs - trailingLossFrom)
}

function edgesOf({ at, v }: Result, intervalMs: number): Edges {
  const us = v < 0 ? null : v
  return {
    intervalMs,
    firstAt: at,
    lastAt: at,
    firstUs: us,
    lastUs: us,
    leadingLossUntil: null,
    trailingLossFrom: us === null ? at : null,
    longestEndedMs: 0,
  }
}

function addStep(tally: Tally, { lastUs }: Edges, { firstUs }: Edges): void {
  if (lastUs === null || firstUs === null) return
  tally.steps += 1
  tally.stepSumUs += Math.abs(firstUs - lastUs)
}

function joinEdges(earlier: Edges, later: Edges): Edges {
  if (earlier.firstAt === null) return later
  if (later.firstAt === null) return earlier
  const losses = joinLosses(earlier, later)
  return {
    intervalMs: later.intervalMs,
    firstAt: earlier.firstAt,
    lastAt: later.lastAt,
    firstUs: earlier.firstUs ?? later.firstUs,
    lastUs: later.lastUs ?? earlier.lastUs,
    leadingLossUntil: losses.leadingLossUntil,
    trailingLossFrom: losses.trailingLossFrom,
    longestEndedMs: Math.max(earlier.longestEndedMs, later.longestEndedMs, losses.endedMs),
  }
}

// Losses on both sides of the seam are one run, unless something was not measured between them.
function joinLosses(earlier: Edges, later: Edges) {
  const { trailingLossFrom: from, leadingLossUntil } = earlier
  const { firstAt, trailingLossFrom } = later
  if (from === null) return { leadingLossUntil, trailingLossFrom, endedMs: 0 }
  const lastAt = earlier.lastAt ?? from
  const isTouching = firstAt !== null && firstAt <= lastAt + REACH * earlier.intervalMs
  if (isTouching && trailingLossFrom === firstAt)
    return { leadingLossUntil, trailingLossFrom: from, endedMs: 0 }
  const until = isTouching ? (later.leadingLossUntil ?? firstAt) : lastAt + earlier.intervalMs
  const isOneRun = from === earlier.firstAt
  return {
    leadingLossUntil: isOneRun ? until : leadingLossUntil,
    trailingLossFrom,
    endedMs: until - from,
  }
}
