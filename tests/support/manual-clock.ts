// A clock that moves only when a test says so.
import type { Clock } from '#lib/clock.ts'

export type ManualClock = Clock & { advance(ms: number): void }

export function createManualClock(startMs = 1_000_000): ManualClock {
  let nowMs = startMs
  return {
    wallMs: () => nowMs,
    steadyMs: () => nowMs,
    advance(ms) {
      nowMs += ms
    },
  }
}
