// Time as an argument: the wall clock and a steady one that no clock step moves.

export type Clock = {
  /** Wall time in milliseconds since 1970. It may step. */
  wallMs(): number
  /** Milliseconds of CLOCK_MONOTONIC: the same in every thread, never stepping, never backwards. */
  steadyMs(): number
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => Number(process.hrtime.bigint()) / 1e6,
}
