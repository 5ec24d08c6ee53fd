// A clock that stands still until a test moves it.
import type { Clock } from '#lib/clock.ts'

export type ManualClock = Clock & { advance(milliseconds: number): void }

export function createManualClock(): ManualClock {
  let nowMs = 1_000_000
  return {
    wallMs: () => nowMs,
    steadyMs: () => nowMs,
    advance(milliseconds) {
      nowMs += milliseconds
    },
  }
}
