// What the 120 places of a strip hold: an answer, a loss, a hole, or nothing.
import { PENDING_MS } from '#lib/vocabulary.ts'
import type { SampleRing } from '../_data/sample-ring.ts'

export const STRIP_SLOTS = 120
/** Below every outcome code: the target did not run then, or it is too early to say. */
export const NOTHING_THERE = -100
/** The target ran and nobody measured it: neither answer nor loss. */
export const UNMEASURED = -101

export type StripTiming = {
  intervalMs: number
  timeoutMs: number
  /** Since when the target runs; null while it does not. */
  runningSinceMs: number | null
  /** Before this a missing result says nothing: it may only not have been sent to us. */
  knownFromMs: number
  /** The time up to which the feed is known to be complete. */
  nowMs: number
}

export type Strip = {
  /** Round trip in µs, an outcome code, `NOTHING_THERE` or `UNMEASURED`; the newest stands last. */
  readonly us: Int32Array
  /** The time of each place in ms; estimated where there is no result. */
  readonly at: Float64Array
}

/** In intervals: echoes leave late, after others in a batch, more often than early. */
const LENIENCE = 0.25

/**
 * Places follow from the distance of neighbouring results, not from a fixed grid: a probe that
 * keeps its rhythm a few ms early or late never shows a hole or loses a bar.
 */
export function stripSlots(ring: SampleRing, timing: StripTiming): Strip {
  const strip = emptyStrip()
  const { intervalMs, nowMs } = timing
  const settledMs = nowMs - timing.timeoutMs - PENDING_MS
  const fill = holeFiller(strip, timing, settledMs)
  if (ring.length === 0) {
    fill(STRIP_SLOTS - 1, STRIP_SLOTS, settledMs)
    return strip
  }
  const newest = ring.at[ring.length - 1] ?? 0
  const missed = Math.max(0, Math.floor((settledMs - newest) / intervalMs))
  fill(STRIP_SLOTS - 1, missed, newest + missed * intervalMs)
  let slot = STRIP_SLOTS - 1 - missed
  for (let i = ring.length - 1; i >= 0 && slot >= 0; i -= 1) {
    const at = ring.at[i] ?? 0
    strip.us[slot] = ring.us[i] ?? NOTHING_THERE
    strip.at[slot] = at
    const before = i > 0 ? (ring.at[i - 1] ?? 0) : Number.NEGATIVE_INFINITY
    const steps = Math.max(1, Math.round((at - before) / intervalMs - LENIENCE))
    fill(slot - 1, steps - 1, at - intervalMs)
    slot -= steps
  }
  return strip
}

function emptyStrip(): Strip {
  return {
    us: new Int32Array(STRIP_SLOTS).fill(NOTHING_THERE),
    at: new Float64Array(STRIP_SLOTS),
  }
}

// Fills `count` places leftwards from `from`, the first of which stands at `at`.
function holeFiller(strip: Strip, timing: StripTiming, settledMs: number) {
  const { intervalMs, runningSinceMs, knownFromMs } = timing
  // A new target's first echo leaves within a second, then within its interval.
  const expectedFromMs =
    runningSinceMs === null
      ? Number.POSITIVE_INFINITY
      : Math.max(runningSinceMs + 1_000 + intervalMs, knownFromMs)
  return (from: number, count: number, at: number) => {
    for (let slot = from, left = count, then = at; slot >= 0 && left > 0; slot -= 1, left -= 1) {
      strip.at[slot] = then
      if (then >= expectedFromMs && then <= settledMs) strip.us[slot] = UNMEASURED
      then -= intervalMs
    }
  }
}
