// How far figures of one window lie above those of another, and within which bounds.
import type { Interval } from './loss-change.ts'

/**
 * The shift of Hodges and Lehmann with the interval that belongs to the rank-sum test of Wilcoxon,
 * Mann and Whitney (Hollander, Wolfe and Chicken 2014, Nonparametric Statistical Methods, sections
 * 4.2 and 4.3): nothing is assumed of how round trips are distributed. Undefined where the values
 * are so few that not even two windows without anything in common could be told apart.
 */
export function shiftBetween(
  before: readonly number[],
  after: readonly number[],
  deviate: number,
): Interval | undefined {
  const [n, m] = [before.length, after.length]
  const outside = Math.floor((n * m) / 2 - deviate * Math.sqrt((n * m * (n + m + 1)) / 12))
  if (outside < 1) return undefined
  const differences = new Float64Array(n * m)
  for (const [i, earlier] of before.entries()) {
    for (const [j, later] of after.entries()) differences[i * m + j] = later - earlier
  }
  differences.sort()
  const at = (rank: number) => differences[rank - 1] ?? Number.NaN
  return { low: at(outside), estimate: medianOf(differences), high: at(n * m + 1 - outside) }
}

/** Of values in ascending order; NaN of none. */
export function medianOf(sorted: ArrayLike<number>): number {
  const middle = (sorted.length - 1) / 2
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}
