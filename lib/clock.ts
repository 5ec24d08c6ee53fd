// Time as an argument: the wall clock and a steady one that no clock step moves.

export type Clock = {
  /** Wall time in milliseconds since 1970. It may step. */
  wallMs(): number
  /** Milliseconds of CLOCK_MONOTONIC: the same in every thread, never stepping, never backwards. */
  steadyMs(): number
}

/** Where this thread's own clock began; reading that one is cheap. */
const threadStartMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => threadStartMs + performance.now(),
}
