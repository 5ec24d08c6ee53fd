// Makes figures of what was added up: of each target or bucket, and of all of them together.
import type { Figures } from './contract.ts'
import { longestOutage, type RunningSum } from './running-sum.ts'
import type { Spread } from './spread.ts'

/** The figures of each `n` in whose time something ran, and of all together. */
export type Counted = { all: Figures; byN: ReadonlyMap<number, Figures> }

/** What figures are made of; all times and round trips in µs, `NaN` where there are none. */
type Totals = {
  sent: number
  received: number
  minUs: number
  maxUs: number
  sumUs: number
  steps: number
  stepSumUs: number
  notMeasured: number
  longestOutageUs: number
}

const newTotals = (): Totals => ({
  ...{ sent: 0, received: 0, minUs: Number.NaN, maxUs: Number.NaN, sumUs: 0 },
  ...{ steps: 0, stepSumUs: 0, notMeasured: 0, longestOutageUs: 0 },
})

/** Takes sums one after the other; their round trips went into `spread`. */
export function createFigures(spread: Spread) {
  const byN = new Map<number, Figures>()
  const all = newTotals()

  return {
    /** `missing` echoes were due and not measured, run by run. */
    add(n: number, sum: RunningSum, missing: readonly number[]): void {
      const notMeasured = missing.reduce((all, one) => all + one, 0)
      const totals = { ...sum, notMeasured, longestOutageUs: longestOutage(sum) }
      byN.set(n, toFigures(totals, spread.endPart(sum)))
      pool(all, totals)
    },
    counted: (): Counted => ({ all: toFigures(all, spread.ofAll(all)), byN }),
  }
}

function pool(all: Totals, part: Totals): void {
  all.sent += part.sent
  all.received += part.received
  all.sumUs += part.sumUs
  all.steps += part.steps
  all.stepSumUs += part.stepSumUs
  all.notMeasured += part.notMeasured
  all.longestOutageUs = Math.max(all.longestOutageUs, part.longestOutageUs)
  if (part.received === 0) return
  if (!(part.minUs >= all.minUs)) all.minUs = part.minUs
  if (!(part.maxUs <= all.maxUs)) all.maxUs = part.maxUs
}

function toFigures(totals: Totals, percentilesUs: number[] | null): Figures {
  const { sent, received, notMeasured, steps } = totals
  const due = sent + notMeasured
  const [p50, p95, p99] = percentilesUs ?? []
  return {
    sent,
    received,
    lost: sent - received,
    not_measured: notMeasured,
    success_rate: sent > 0 ? received / sent : null,
    coverage: due > 0 ? sent / due : null,
    longest_outage_seconds: sent > 0 ? totals.longestOutageUs / 1_000_000 : null,
    min_ms: ms(totals.minUs),
    avg_ms: received > 0 ? totals.sumUs / received / 1000 : null,
    max_ms: ms(totals.maxUs),
    p50_ms: ms(p50),
    p95_ms: ms(p95),
    p99_ms: ms(p99),
    jitter_ms: steps > 0 ? totals.stepSumUs / steps / 1000 : null,
  }
}

const ms = (us = Number.NaN) => (Number.isNaN(us) ? null : us / 1000)

/** What a target is told that did not run in the window. */
export const NO_FIGURES: Figures = toFigures(newTotals(), null)
