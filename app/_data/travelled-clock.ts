// A clock that stands in the past, runs at any speed, and waits for what is not there yet.

export type TravelledClock = {
  nowMs(): number
  put(ms: number): void
  /** 0: it stands. */
  run(speed: number): void
  /** Never beyond this time, until another limit is set. */
  limit(ms: number): void
}

export function createTravelledClock(
  atMs: number,
  steadyMs: () => number = () => performance.now(),
): TravelledClock {
  let since = { ms: atMs, steadyMs: steadyMs() }
  let speed = 0
  let limitMs = Number.POSITIVE_INFINITY

  return { nowMs, put, run, limit }

  function nowMs(): number {
    return Math.min(limitMs, since.ms + (steadyMs() - since.steadyMs) * speed)
  }

  function put(ms: number): void {
    since = { ms, steadyMs: steadyMs() }
  }

  function run(next: number): void {
    put(nowMs())
    speed = next
  }

  // What was waited is not made up for: time goes on from where it stood.
  function limit(ms: number): void {
    put(nowMs())
    limitMs = ms
  }
}
