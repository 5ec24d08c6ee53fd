// How far the share of losses changed between two windows, and within which bounds.

/** What was sent and lost in a part of a window. */
export type Losses = { sent: number; lost: number }

/** The measured parts of a window, each so long. */
export type Parts<Part extends Losses = Losses> = { parts: readonly Part[]; partMinutes: number }

export type Interval = { low: number; estimate: number; high: number }

/**
 * The difference of two shares, after minus before: the hybrid score interval of Newcombe (1998,
 * Interval estimation for the difference between independent proportions, method 10). Losses come
 * in bursts, so the shares count as so many echoes as would scatter like their parts do
 * (`crowdingOf`), in both windows by the one that is more crowded: where nothing was lost nothing
 * scatters. But each minute tells something new, so that a long outage does not pass for chance.
 */
export function changeOfLoss(before: Parts, after: Parts, deviate: number): Interval {
  const crowding = Math.max(crowdingOf(before.parts), crowdingOf(after.parts))
  const earlier = shareOf(before, crowding, deviate)
  const later = shareOf(after, crowding, deviate)
  const estimate = later.share - earlier.share
  return {
    low: estimate - Math.hypot(later.share - later.low, earlier.high - earlier.share),
    estimate,
    high: estimate + Math.hypot(later.high - later.share, earlier.share - earlier.low),
  }
}

// Wilson's score interval (1927, Probable inference, the law of succession, and statistical inference).
function shareOf({ parts, partMinutes }: Parts, crowding: number, z: number) {
  const sent = totalOf(parts, 'sent')
  const share = totalOf(parts, 'lost') / sent
  const minutes = parts.filter((part) => part.sent > 0).length * partMinutes
  const n = Math.min(sent, Math.max(sent / crowding, minutes))
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const reach = (z * Math.sqrt((share * (1 - share)) / n + (z / (2 * n)) ** 2)) / (1 + z ** 2 / n)
  return { share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}

/**
 * How many echoes tell as much as one alone: the variance of the share as its parts scatter
 * (Cochran 1977, Sampling Techniques, section 6.3) against that of independent echoes, Kish's design
 * effect (Korn and Graubard 1998, Confidence intervals for proportions with small expected number of
 * positive counts). At least 1.
 */
export function crowdingOf(parts: readonly Losses[]): number {
  const measured = parts.filter(({ sent }) => sent > 0)
  const sent = totalOf(measured, 'sent')
  const share = totalOf(measured, 'lost') / sent
  const squares = measured.reduce((sum, part) => sum + (part.lost - share * part.sent) ** 2, 0)
  if (squares === 0 || measured.length < 2) return 1
  const variance = ((measured.length / (measured.length - 1)) * squares) / sent ** 2
  return Math.max(1, variance / ((share * (1 - share)) / sent))
}

export function totalOf(parts: readonly Losses[], name: keyof Losses): number {
  return parts.reduce((sum, part) => sum + part[name], 0)
}
