import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviateFor } from '#lib/comparison/confidence.ts'
import { changeOfLoss, crowdingOf, type Losses } from '#lib/comparison/loss-change.ts'
import { shiftBetween } from '#lib/comparison/shift.ts'

const windowOf = (parts: Losses[]) => ({ parts, partMinutes: 2.5 })

describe('a shift', () => {
  it('is exactly that of values that were all moved by it, and within its bounds', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 8, maxLength: 30 })
    fc.assert(
      fc.property(values, fc.integer({ min: -500, max: 500 }), (before, by) => {
        const after = before.map((value) => value + by)
        const shift = shiftBetween(before, after, deviateFor(3))
        expect(shift?.estimate).toBe(by)
        expect(shift?.low).toBeLessThanOrEqual(by)
        expect(shift?.high).toBeGreaterThanOrEqual(by)
      }),
    )
  })

  it('has the bounds of the rank-sum test', () => {
    // Hollander and Wolfe, example 4.1: permeability of membranes at term, and at 12 to 26 weeks.
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    const early = [1.15, 0.88, 0.9, 0.74, 1.21]
    expect(shiftBetween(early, term, 1.96)?.estimate).toBeCloseTo(0.305, 3)
    // Of ten against ten the critical value at 5 % is 23: the 24th difference from either end.
    const ten = Array.from({ length: 10 }, (_, i) => i)
    const sorted = ten.flatMap((i) => ten.map((j) => j * 10 - i * 1.01)).sort((a, b) => a - b)
    const shift = shiftBetween(
      ten.map((i) => i * 1.01),
      ten.map((j) => j * 10),
      1.96,
    )
    expect([shift?.low, shift?.high]).toEqual([sorted[23], sorted[76]])
  })

  it('is not told of so few values that nothing could follow', () => {
    expect(shiftBetween([1, 2], [100, 101], deviateFor(3))).toBeUndefined()
  })
})

describe('a change of losses', () => {
  it('has the bounds of Newcombe where losses come one by one', () => {
    // Newcombe 1998, table II, example (a): 56 of 70 against 48 of 80.
    const alone = (sent: number, lost: number) => windowOf([{ sent, lost }])
    const change = changeOfLoss(alone(80, 48), alone(70, 56), 1.96)
    expect(change.estimate).toBeCloseTo(0.2, 4)
    expect(change.low).toBeCloseTo(0.0524, 3)
    expect(change.high).toBeCloseTo(0.3339, 3)
  })

  it('is less sure where the same losses came in one burst', () => {
    const spread = Array.from({ length: 24 }, () => ({ sent: 100, lost: 4 }))
    const burst = spread.map((part, i) => ({ ...part, lost: i === 0 ? 96 : 0 }))
    expect(crowdingOf(spread)).toBe(1)
    expect(crowdingOf(burst)).toBeGreaterThan(90)
    const none = spread.map((part) => ({ ...part, lost: 0 }))
    const changeTo = (parts: Losses[]) => changeOfLoss(windowOf(none), windowOf(parts), 1.96)
    expect(changeTo(spread).low).toBeGreaterThan(0)
    expect(changeTo(burst).low).toBeLessThan(0)
  })

  it('is no chance where an outage lasts', () => {
    const outage = (minutes: number) =>
      Array.from({ length: 24 }, (_, i) => ({ sent: 150, lost: i < minutes / 2.5 ? 150 : 0 }))
    const change = (minutes: number) =>
      changeOfLoss(windowOf(outage(0)), windowOf(outage(minutes)), deviateFor(3))
    expect(change(2.5).low).toBeLessThan(0)
    expect(change(10).low).toBeGreaterThan(0)
  })
})

describe('the deviate', () => {
  it.each([
    [1, 1.96],
    [10, 2.807],
    [750, 3.9875],
  ])('of %i statements is %d', (statements, deviate) => {
    expect(deviateFor(statements)).toBeCloseTo(deviate, 2)
  })
})
