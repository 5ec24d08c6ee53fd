import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRing, insertSample, RING_CAPACITY } from '../../app/_data/sample-ring.ts'

const timesOf = (ring: ReturnType<typeof createRing>) => [...ring.at.subarray(0, ring.length)]

describe('a ring of samples', () => {
  it('keeps the newest in order of time, whatever the order they come in', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 500 })
    fc.assert(
      fc.property(arrivals, (times) => {
        const ring = createRing()
        for (const at of times) insertSample(ring, at, at * 2)
        const kept = timesOf(ring)
        const distinct = [...new Set(times)].sort((a, b) => a - b)
        expect(kept.every((at, i) => i === 0 || at > (kept[i - 1] ?? 0))).toBe(true)
        expect(kept.at(-1)).toBe(distinct.at(-1))
        expect(kept.length).toBe(Math.min(distinct.length, RING_CAPACITY))
        expect(kept.every((at, i) => ring.us[i] === at * 2)).toBe(true)
      }),
    )
  })

  it('is not changed by the same sample a second time', () => {
    const ring = createRing()
    expect(insertSample(ring, 5, 70)).toBe(true)
    expect(insertSample(ring, 5, 70)).toBe(false)
    expect(timesOf(ring)).toEqual([5])
  })

  it('takes the later word on the same time', () => {
    const ring = createRing()
    insertSample(ring, 5, -1)
    expect(insertSample(ring, 5, 70)).toBe(true)
    expect(ring.us[0]).toBe(70)
  })

  it('forgets nothing newer for something older than all it holds', () => {
    const ring = createRing()
    for (let at = 1; at <= RING_CAPACITY; at += 1) insertSample(ring, at, at)
    expect(insertSample(ring, 0, 0)).toBe(false)
    expect(ring.at[0]).toBe(1)
  })
})
