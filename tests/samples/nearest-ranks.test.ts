import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atPlaces } from '#lib/samples/nearest-ranks.ts'

const numbers = fc.array(fc.oneof(fc.integer(), fc.nat(3)), { minLength: 1, maxLength: 300 })

describe('numbers at places', () => {
  it('are those that sorting puts there', () => {
    fc.assert(
      fc.property(numbers, fc.array(fc.nat(), { maxLength: 4 }), (all, some) => {
        const places = some.map((place) => place % all.length).sort((a, b) => a - b)
        const sorted = all.toSorted((a, b) => a - b)
        expect(atPlaces(Int32Array.from(all), places)).toEqual(places.map((i) => sorted[i]))
      }),
    )
  })

  it('are found in rows of equal, rising, falling and alternating numbers', () => {
    for (const next of [
      () => 7,
      (i: number) => i,
      (i: number) => 50_000 - i,
      (i: number) => i % 2,
    ]) {
      const all = Array.from({ length: 50_000 }, (_, i) => next(i))
      const sorted = all.toSorted((a, b) => a - b)
      const places = [0, 24_999, 47_499, 49_999]
      expect(atPlaces(Int32Array.from(all), places)).toEqual(places.map((i) => sorted[i]))
    }
  })
})
