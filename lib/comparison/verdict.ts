// Judges two windows of one target, or of all together, by what their parts hold.
import type { Figures } from '#lib/samples/contract.ts'
import type { Verdict } from './contract.ts'
import { changeOfLoss, type Interval, type Parts, totalOf } from './loss-change.ts'
import { medianOf, shiftBetween } from './shift.ts'

/** What is judged of a part of a window. */
export type Part = Pick<Figures, 'sent' | 'received' | 'lost' | 'p50_ms' | 'p95_ms'>

/** `deviate` by `deviateFor`; `floorMs` is the measuring floor, 0 where none is known. */
export type Strictness = { deviate: number; floorMs: number }

export type Verdicts = {
  verdict: Verdict
  verdicts: { loss: Verdict; p50: Verdict; p95: Verdict }
}

/** Of fewer echoes no share is told. */
const FEWEST_ECHOES = 24
/** A smaller change of the share of losses matters to nobody. */
const LEAST_LOSS = 0.001
/** Nor does one of round trips by less than this: summaries know a percentile within 4 %. */
const LEAST_SHARE = 0.05

/**
 * Worse or better is what is surely changed (`changeOfLoss`, `shiftBetween`), and by enough. Round
 * trips are compared part by part, by the medians of the parts and by their p95s: echoes one after
 * the other are alike, parts hardly are (batch means: Law and Carson 1979, A sequential procedure).
 * Swapped windows have the opposite verdict.
 */
export function judge(before: Parts<Part>, after: Parts<Part>, strictness: Strictness): Verdicts {
  const loss = judgeLoss(before, after, strictness)
  const all = [...before.parts, ...after.parts]
  const full = isFull(all)
  const roundTrips = (name: 'p50_ms' | 'p95_ms') => {
    const values = [before, after].map(({ parts }) =>
      parts.filter(full).flatMap((p) => p[name] ?? []),
    )
    return judgeRoundTrips(values[0] ?? [], values[1] ?? [], strictness)
  }
  const verdicts = { loss, p50: roundTrips('p50_ms'), p95: roundTrips('p95_ms') }
  return {
    verdict: joined(
      verdicts,
      all.some(({ received }) => received > 0),
    ),
    verdicts,
  }
}

// A target that never answered is as it was, though its round trips are unknown.
function joined({ loss, p50, p95 }: Verdicts['verdicts'], isAnswered: boolean): Verdict {
  if (loss !== 'unchanged') return loss
  if (p50 !== 'unchanged') return isAnswered ? p50 : 'unchanged'
  return p95
}

function judgeLoss(before: Parts, after: Parts, { deviate }: Strictness): Verdict {
  const fewest = Math.min(totalOf(before.parts, 'sent'), totalOf(after.parts, 'sent'))
  if (fewest < FEWEST_ECHOES) return 'unknown'
  return verdictOf(changeOfLoss(before, after, deviate), LEAST_LOSS)
}

function judgeRoundTrips(before: number[], after: number[], strictness: Strictness): Verdict {
  const shift = shiftBetween(before, after, strictness.deviate)
  if (!shift) return 'unknown'
  const smaller = Math.min(...[before, after].map((of) => medianOf(of.toSorted((a, b) => a - b))))
  return verdictOf(shift, Math.max(strictness.floorMs, LEAST_SHARE * smaller))
}

function verdictOf({ low, estimate, high }: Interval, least: number): Verdict {
  if (low > 0 && estimate >= least) return 'worse'
  return high < 0 && estimate <= -least ? 'better' : 'unchanged'
}

// What was answered half as often as usual is no part like the others, and its p95 none like theirs.
function isFull(parts: readonly Part[]): (part: Part) => boolean {
  const counts = parts.map(({ received }) => received).filter((received) => received > 0)
  const usual = medianOf(counts.sort((a, b) => a - b))
  return ({ received }) => received > 0 && received >= usual / 2
}
