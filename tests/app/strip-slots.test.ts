import { describe, expect, it } from 'vitest'
import { OUTCOME } from '#lib/vocabulary.ts'
import {
  NOTHING_THERE,
  STRIP_SLOTS,
  type StripTiming,
  stripSlots,
  UNMEASURED,
} from '../../app/_charts/strip-slots.ts'
import { createRing, insertSample } from '../../app/_data/sample-ring.ts'

const NOW = 1_000_000
const timing: StripTiming = {
  intervalMs: 1_000,
  timeoutMs: 1_000,
  runningSinceMs: 0,
  knownFromMs: 0,
  nowMs: NOW,
}

/** The last places of the strip; samples are pairs of time and value. */
function lastPlaces(
  samples: [number, number][],
  count: number,
  changes: Partial<StripTiming> = {},
) {
  const ring = createRing()
  for (const [at, us] of samples) insertSample(ring, at, us)
  return [...stripSlots(ring, { ...timing, ...changes }).us.subarray(STRIP_SLOTS - count)]
}

describe('the strip of a target', () => {
  it('puts the newest result at the right end', () => {
    expect(
      lastPlaces(
        [
          [NOW - 1_500, 40],
          [NOW - 500, 50],
        ],
        2,
      ),
    ).toEqual([40, 50])
  })

  it('keeps losses and their kinds', () => {
    const samples: [number, number][] = [
      [NOW - 1_500, OUTCOME.unreachable],
      [NOW - 500, OUTCOME.lost],
    ]
    expect(lastPlaces(samples, 2)).toEqual([OUTCOME.unreachable, OUTCOME.lost])
  })

  it('calls a missing result not measured, neither answer nor loss', () => {
    const samples: [number, number][] = [
      [NOW - 7_000, 1],
      [NOW - 4_000, 2],
    ]
    expect(lastPlaces(samples, 4, { nowMs: NOW - 3_000 })).toEqual([1, UNMEASURED, UNMEASURED, 2])
  })

  it('waits for timeout and a second before it calls anything missing', () => {
    expect(lastPlaces([[NOW - 2_900, 1]], 1)).toEqual([1])
    expect(lastPlaces([[NOW - 3_000, 1]], 2)).toEqual([1, UNMEASURED])
  })

  it('leaves a place empty whose result may still be on its way', () => {
    const samples: [number, number][] = [
      [NOW - 1_000, 1],
      [NOW - 400, 3],
    ]
    expect(lastPlaces(samples, 4, { intervalMs: 200 })).toEqual([
      1,
      NOTHING_THERE,
      NOTHING_THERE,
      3,
    ])
  })

  it('shows no hole for a probe that is late by half an interval', () => {
    const samples = [0, 1_040, 1_980, 3_490, 4_020].map((ms): [number, number] => [
      NOW - 5_000 + ms,
      7,
    ])
    expect(lastPlaces(samples, 5)).toEqual([7, 7, 7, 7, 7])
  })

  it('loses no result where two lie closer than an interval', () => {
    expect(
      lastPlaces(
        [
          [NOW - 300, 1],
          [NOW - 200, 2],
          [NOW - 100, 3],
        ],
        3,
      ),
    ).toEqual([1, 2, 3])
  })

  it('claims nothing of a time in which the target did not run', () => {
    const stopped = { runningSinceMs: null }
    expect(lastPlaces([[NOW - 10_000, 1]], 3, stopped)).toEqual(Array(3).fill(NOTHING_THERE))
    const restarted = { runningSinceMs: NOW - 4_000 }
    const samples: [number, number][] = [
      [NOW - 9_000, 1],
      [NOW - 2_000, 2],
    ]
    expect(lastPlaces(samples, 4, restarted)).toEqual([...Array(3).fill(NOTHING_THERE), 2])
  })

  it('claims nothing of a time whose results may not have been sent to us', () => {
    const places = lastPlaces([[NOW - 1_000, 1]], 5, { knownFromMs: NOW - 3_500 })
    expect(places).toEqual([NOTHING_THERE, NOTHING_THERE, UNMEASURED, UNMEASURED, 1])
  })

  it('is hatched from its start when a running target was never measured', () => {
    const places = lastPlaces([], STRIP_SLOTS, { runningSinceMs: NOW - 10_000 })
    expect(places.filter((us) => us === UNMEASURED)).toHaveLength(7)
    expect(places.at(-1)).toBe(UNMEASURED)
  })

  it('knows the time of each of its places', () => {
    const ring = createRing()
    insertSample(ring, NOW - 3_000, 1)
    insertSample(ring, NOW - 1_000, 2)
    const { at } = stripSlots(ring, timing)
    expect([...at.subarray(STRIP_SLOTS - 3)]).toEqual([NOW - 3_000, NOW - 2_000, NOW - 1_000])
  })
})
