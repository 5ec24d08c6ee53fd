// The kernel's receive timestamps as steady time, unharmed by steps of the wall clock.
import { realMs, steadyMs } from './libc.ts'

export type KernelClock = {
  /** Relates the two clocks anew; call it before each round of reading. */
  measure(): void
  /** When a packet with this CLOCK_REALTIME stamp came, in steady ms; now, where that is unknown. */
  arrivalMs(stampMs: number | undefined): number
}

export type Clocks = { realMs: () => number; steadyMs: () => number }

// Both clocks are slewed alike, so their distance changes only when the wall clock steps.
const STEP_MS = 0.1
const CLOSE_ENOUGH_MS = 0.02
const ATTEMPTS = 5

export function createKernelClock(clocks: Clocks = { realMs, steadyMs }): KernelClock {
  let offsetMs = readOffsetMs(clocks)
  let formerOffsetMs = offsetMs
  let measuredMs = clocks.steadyMs()
  let formerMs = measuredMs

  return {
    measure() {
      formerOffsetMs = offsetMs
      formerMs = measuredMs
      offsetMs = readOffsetMs(clocks)
      measuredMs = clocks.steadyMs()
    },
    arrivalMs(stampMs) {
      const nowMs = clocks.steadyMs()
      if (stampMs === undefined) return nowMs
      const hasStepped = Math.abs(offsetMs - formerOffsetMs) > STEP_MS
      const arrivedMs = stampMs - offsetMs
      if (!hasStepped) return arrivedMs <= nowMs + STEP_MS ? Math.min(arrivedMs, nowMs) : nowMs
      // It came since the last round, before the step or after it: mostly only one of them can be.
      const possible = [arrivedMs, stampMs - formerOffsetMs].filter(
        (ms) => ms >= formerMs - STEP_MS && ms <= nowMs + STEP_MS,
      )
      return possible.length === 1 ? Math.min(possible[0] ?? nowMs, nowMs) : nowMs
    },
  }
}

// Being interrupted between two readings would look like a step: the closest of some is taken.
function readOffsetMs(clocks: Clocks): number {
  let offsetMs = 0
  let closestMs = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < ATTEMPTS && closestMs > CLOSE_ENOUGH_MS; attempt += 1) {
    const beforeMs = clocks.steadyMs()
    const wallMs = clocks.realMs()
    const afterMs = clocks.steadyMs()
    if (afterMs - beforeMs >= closestMs) continue
    closestMs = afterMs - beforeMs
    offsetMs = wallMs - (beforeMs + afterMs) / 2
  }
  return offsetMs
}
