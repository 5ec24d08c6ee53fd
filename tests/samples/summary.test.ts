import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  joinSummaries,
  longestOutageMs,
  type Result,
  type Summary,
  summarize,
} from '#lib/samples/summary.ts'
import { averageUs, jitterUs, percentileUs, poolTotals } from '#lib/samples/totals.ts'

const INTERVAL_MS = 1_000

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
      at += pauseMs
      return { at, v }
    })
  })

const sumUp = (some: Result[]) => summarize(some, INTERVAL_MS)
const seconds = (values: number[]) => values.map((v, i) => ({ at: i * 1_000, v }))
const plain = ({ histogram, ...rest }: Summary) => ({
  ...rest,
  histogram: [...histogram].sort(([a], [b]) => a - b),
})

describe('a summary', () => {
  it('is the same however its results are split', () => {
    fc.assert(
      fc.property(results, fc.array(fc.nat(80), { maxLength: 6 }), (all, cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), all.length]
        const parts = edges.slice(1).map((end, i) => sumUp(all.slice(edges[i], end)))
        const whole = plain(sumUp(all))
        expect(plain(joinSummaries(parts))).toEqual(whole)
        const fromTheEnd = parts.reduceRight((later, part) => joinSummaries([part, later]))
        expect(plain(fromTheEnd)).toEqual(whole)
      }),
    )
  })

  it('counts, adds and compares consecutive round trips as one would by hand', () => {
    fc.assert(
      fc.property(results, (all) => {
        const us = all.map(({ v }) => v).filter((v) => v >= 0)
        const steps = us.slice(1).map((v, i) => Math.abs(v - (us[i] ?? 0)))
        const summary = sumUp(all)
        expect(summary).toMatchObject({
          sent: all.length,
          received: us.length,
          minUs: us.length > 0 ? Math.min(...us) : null,
          maxUs: us.length > 0 ? Math.max(...us) : null,
          steps: steps.length,
          firstUs: us[0] ?? null,
          lastUs: us.at(-1) ?? null,
        })
        expect(averageUs(summary)).toBe(meanOf(us))
        expect(jitterUs(summary)).toBe(meanOf(steps))
      }),
    )
  })

  it('answers every percentile within 2 % of the exact one', () => {
    fc.assert(
      fc.property(results, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const us = all.map(({ v }) => v).filter((v) => v >= 0)
        const told = percentileUs(sumUp(all), share)
        const exact = exactPercentile(us, share)
        if (exact === null || told === null) expect(told).toBe(exact)
        else expect(Math.abs(told - exact)).toBeLessThanOrEqual(0.02 * exact + 1e-6)
      }),
    )
  })

  it('of several targets together answers the percentiles of all their round trips', () => {
    const parts = [seconds([10, 20, -1]), seconds([30_000, 40_000])].map(sumUp)
    const pooled = poolTotals(parts)
    expect(pooled).toMatchObject({ sent: 5, received: 4, minUs: 10, maxUs: 40_000, steps: 2 })
    expect(percentileUs(pooled, 1)).toBe(40_000)
    expect(percentileUs(pooled, 0)).toBe(10)
  })
})

describe('the longest outage', () => {
  const longest = (some: Result[]) => longestOutageMs(sumUp(some))

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
    const dark = seconds([-1, -1, -1]).concat([{ at: 3_600_000, v: -1 }])
    expect(longest(dark)).toBe(3_000)
  })

  it('is found where it lies over the seam of two summaries', () => {
    const all = seconds([5, -1, -1, -1, -1, 5])
    const joined = joinSummaries([sumUp(all.slice(0, 3)), sumUp(all.slice(3))])
    expect(longestOutageMs(joined)).toBe(4_000)
  })
})

function meanOf(values: number[]): number | null {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null
}

function exactPercentile(us: number[], share: number): number | null {
  const sorted = us.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
