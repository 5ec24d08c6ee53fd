// The latest results of one target, in order of their time, in two small typed arrays.

/** 120 are shown; the rest is room for those that arrive out of order. */
export const RING_CAPACITY = 128

export type SampleRing = {
  /** Times of sending in ms, ascending; only the first `length` count. */
  readonly at: Float64Array
  /** Round trips in µs, or a negative outcome code. */
  readonly us: Int32Array
  length: number
}

export function createRing(): SampleRing {
  return { at: new Float64Array(RING_CAPACITY), us: new Int32Array(RING_CAPACITY), length: 0 }
}

/**
 * Puts a result in its place; the oldest gives way when the ring is full.
 * The same result twice changes nothing. True when something changed.
 */
export function insertSample(ring: SampleRing, at: number, us: number): boolean {
  const { length } = ring
  let place = length
  while (place > 0 && (ring.at[place - 1] ?? 0) > at) place -= 1
  if (place > 0 && ring.at[place - 1] === at) return replaceAt(ring, place - 1, us)
  if (length < RING_CAPACITY) {
    shift(ring, place + 1, place, length)
    ring.length += 1
  } else {
    if (place === 0) return false
    place -= 1
    shift(ring, 0, 1, place + 1)
  }
  ring.at[place] = at
  ring.us[place] = us
  return true
}

/** The newest time, or undefined of an empty ring. */
export function newestAt(ring: SampleRing): number | undefined {
  return ring.length > 0 ? ring.at[ring.length - 1] : undefined
}

/** The newest result, or undefined of an empty ring. */
export function newestUs(ring: SampleRing): number | undefined {
  return ring.length > 0 ? ring.us[ring.length - 1] : undefined
}

function replaceAt(ring: SampleRing, place: number, us: number): boolean {
  if (ring.us[place] === us) return false
  ring.us[place] = us
  return true
}

function shift(ring: SampleRing, to: number, from: number, end: number): void {
  ring.at.copyWithin(to, from, end)
  ring.us.copyWithin(to, from, end)
}
