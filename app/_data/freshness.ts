// How old the news is: the age of the last frame, and the server's clock as it told it.
import { type ServerFrame, TICK_MS } from '#lib/live/protocol.ts'

export type Freshness = {
  /** A frame came. */
  alive(frame: ServerFrame | undefined): void
  ageMs(): number
  isStale(): boolean
  /** The server's time in ms, as far as its last word tells. */
  clockMs(): number
  /** The same, but resting when frames stay out: what came until then is all that is known. */
  nowMs(): number
  close(): void
}

/** `onStale` is called the moment `staleMs` have passed without a frame. */
export function createFreshness(staleMs: number, onStale: () => void): Freshness {
  let wallMs = Date.now()
  let steadyMs = performance.now()
  let aheadMs = 0
  let timer = setTimeout(check, staleMs)

  return {
    alive(frame) {
      wallMs = Date.now()
      steadyMs = performance.now()
      if (frame && 'now' in frame) aheadMs = Date.parse(frame.now) - wallMs
    },
    ageMs,
    isStale: () => ageMs() >= staleMs,
    clockMs: () => Date.now() + aheadMs,
    nowMs: () => Math.min(Date.now(), wallMs + TICK_MS) + aheadMs,
    close: () => clearTimeout(timer),
  }

  // The steady clock may rest while the machine sleeps and the wall clock may be set back: the larger wins.
  function ageMs(): number {
    return Math.max(Date.now() - wallMs, performance.now() - steadyMs)
  }

  // One timer that re-arms itself is cheaper than one for every frame.
  function check(): void {
    const left = staleMs - ageMs()
    if (left <= 0) onStale()
    timer = setTimeout(check, left > 0 ? left : staleMs)
  }
}
