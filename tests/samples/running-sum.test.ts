import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addEcho,
  addSlots,
  longestOutage,
  newSum,
  type RunningSum,
  type Slot,
} from '#lib/samples/running-sum.ts'
import { createExactSpread, createHistogram } from '#lib/samples/spread.ts'

const PACE = { intervalUs: 1_000_000, endsAt: Number.POSITIVE_INFINITY }

type Result = { at: number; v: number }

// A rhythm of seconds, a little late now and then, with echoes that were not measured.
const results = fc
  .array(
    fc.record({
      pauseMs: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 990, max: 1_010 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 10_000 }) },
      ),
      v: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: -4, max: -1 }) },
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 10_000_000 }) },
        { weight: 3, arbitrary: fc.integer({ min: 900, max: 1_100 }) },
      ),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let at = 0
    return steps.map(({ pauseMs, v }): Result => {
      at += pauseMs * 1_000
      return { at, v }
    })
  })

function slotOf(some: Result[]): Slot {
  const spread = createHistogram()
  const summary = newSum(spread)
  for (const { at, v } of some) addEcho(summary, PACE, at, v)
  return { atUs: 0, summary, ...spread.ofPart() }
}

function joined(slots: Slot[]): Slot {
  const spread = createHistogram()
  const summary = newSum(spread)
  addSlots(summary, PACE, slots)
  return { atUs: 0, summary, ...spread.ofPart() }
}

const plain = ({ summary, ...histogram }: Slot) => {
  const { spread, pace, ...told } = summary as RunningSum
  return { ...told, ...histogram }
}

const seconds = (values: number[]) => values.map((v, i) => ({ at: i * 1_000_000, v }))

describe('a running sum', () => {
  it('is the same however its results are split into summaries', () => {
    fc.assert(
      fc.property(results, fc.array(fc.nat(80), { maxLength: 6 }), (all, cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), all.length]
        const parts = edges.slice(1).map((end, i) => slotOf(all.slice(edges[i], end)))
        const whole = plain(slotOf(all))
        expect(plain(joined(parts))).toEqual(whole)
        const fromTheEnd = parts.reduceRight((later, part) => joined([part, later]))
        expect(plain(fromTheEnd)).toEqual(whole)
      }),
    )
  })

  it('counts, adds and compares consecutive round trips as one would by hand', () => {
    fc.assert(
      fc.property(results, (all) => {
        const us = all.map(({ v }) => v).filter((v) => v >= 0)
        const steps = us.slice(1).map((v, i) => Math.abs(v - (us[i] ?? 0)))
        expect(slotOf(all).summary).toMatchObject({
          sent: all.length,
          received: us.length,
          minUs: us.length > 0 ? Math.min(...us) : Number.NaN,
          maxUs: us.length > 0 ? Math.max(...us) : Number.NaN,
          sumUs: us.reduce((sum, v) => sum + v, 0),
          steps: steps.length,
          stepSumUs: steps.reduce((sum, v) => sum + v, 0),
          firstUs: us[0] ?? Number.NaN,
          lastUs: us.at(-1) ?? Number.NaN,
        })
      }),
    )
  })
})

describe('percentiles', () => {
  it('of a histogram are within 2 % of the exact ones, of parts and of all together', () => {
    fc.assert(
      fc.property(results, results, (...parts) => {
        const [exact, near] = [createExactSpread(), createHistogram()]
        for (const all of parts) {
          const us = all.map(({ v }) => v).filter((v) => v >= 0)
          for (const spread of [exact, near]) for (const v of us) spread.add(v)
          expectWithin(near.endPart(extremesOf(us)), exact.endPart(extremesOf(us)))
        }
        const us = parts.flat().flatMap(({ v }) => (v < 0 ? [] : [v]))
        expectWithin(near.ofAll(extremesOf(us)), exact.ofAll(extremesOf(us)))
      }),
    )
  })

  it('that are exact are nearest ranks', () => {
    const spread = createExactSpread()
    for (let us = 10_000; us > 0; us -= 1) spread.add(us)
    expect(spread.endPart({ received: 10_000, minUs: 1, maxUs: 10_000 })).toEqual([
      5_000, 9_500, 9_900,
    ])
  })
})

describe('the longest outage', () => {
  const longest = (some: Result[]) => longestOutage(slotOf(some).summary as RunningSum) / 1_000

  it('lasts from the first loss to the next answer', () => {
    expect(longest(seconds([5, -1, -1, -2, 5, -1, 5]))).toBe(3_000)
    expect(longest(seconds([5, 5]))).toBe(0)
    expect(longest([])).toBe(0)
  })

  it('that goes on lasts one interval past its last loss', () => {
    expect(longest(seconds([5, -1, -1]))).toBe(2_000)
    expect(longest(seconds([-1]))).toBe(1_000)
  })

  it('never runs through time that was not measured', () => {
    const dark = seconds([-1, -1, -1]).concat([{ at: 3_600_000_000, v: -1 }])
    expect(longest(dark)).toBe(3_000)
  })
})

const extremesOf = (us: number[]) => ({
  received: us.length,
  minUs: Math.min(...us),
  maxUs: Math.max(...us),
})

// Round trips are whole microseconds.
function expectWithin(near: number[] | null, exact: number[] | null): void {
  expect(near?.length).toBe(exact?.length)
  for (const [i, us] of exact?.entries() ?? [])
    expect(Math.abs((near?.[i] ?? 0) - us)).toBeLessThanOrEqual(0.02 * us + 0.5)
}
