import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rangesOf } from '#lib/targets/ranges.ts'

describe('numbers as ranges', () => {
  it('joins neighbours, whatever their order', () => {
    expect(rangesOf([])).toEqual([])
    expect(rangesOf([3, 1, 2, 7, 9, 8, 5, 5])).toEqual([
      [1, 3],
      [5, 5],
      [7, 9],
    ])
  })

  it('holds exactly the numbers given', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (numbers) => {
        const back = rangesOf(numbers).flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, i) => first + i),
        )
        expect(back).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      }),
    )
  })
})
