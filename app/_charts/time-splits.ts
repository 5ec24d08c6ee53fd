// Where the ticks of an axis of time stand: on the reader's clock, and not too many.
import type { Edges } from './time-window.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((n) => n * DAY),
]

/** At most `most` times in ms, `stepMs` apart; a tick of days stands on a midnight. */
export function timeSplits({ fromMs, toMs }: Edges, most: number) {
  const wanted = (toMs - fromMs) / Math.max(1, most)
  const stepMs = STEPS.find((step) => step >= wanted) ?? STEPS.at(-1) ?? DAY
  const zoneMs = new Date(toMs).getTimezoneOffset() * MINUTE
  const splits: number[] = []
  const first = Math.ceil((fromMs - zoneMs) / stepMs) * stepMs + zoneMs
  for (let ms = first; ms < toMs && splits.length < most; ms += stepMs) splits.push(ms)
  return { splits, stepMs }
}
