import { describe, expect, it } from 'vitest'
import { timeSplits } from '../../app/_charts/time-splits.ts'

const TO = new Date(2026, 2, 1, 12, 34, 56).getTime()
const HOUR = 3_600_000
const splitsOf = (spanMs: number, most = 10) => timeSplits({ fromMs: TO - spanMs, toMs: TO }, most)

describe('the ticks of an axis of time', () => {
  it.each([10_000, 90_000, HOUR, 7 * HOUR, 40 * HOUR, 300 * HOUR, 9_000 * HOUR, 26_000 * HOUR])(
    'over %d ms are several and not too many, one step apart, and within',
    (spanMs) => {
      const { splits, stepMs } = splitsOf(spanMs)
      expect(splits.length).toBeGreaterThan(2)
      expect(splits.length).toBeLessThanOrEqual(10)
      for (const [i, ms] of splits.entries()) {
        expect(ms).toBe((splits[0] ?? 0) + i * stepMs)
        expect(ms).toBeGreaterThanOrEqual(TO - spanMs)
        expect(ms).toBeLessThan(TO)
      }
    },
  )

  it('stand on whole hours of the reader’s clock, those of days on midnights', () => {
    const hours = splitsOf(20 * HOUR).splits.map((ms) => new Date(ms).getMinutes())
    expect(new Set(hours)).toEqual(new Set([0]))
    const days = splitsOf(15 * 24 * HOUR).splits.map((ms) => new Date(ms).getHours())
    expect(new Set(days)).toEqual(new Set([0]))
  })
})
