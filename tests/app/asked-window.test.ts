import { describe, expect, it } from 'vitest'
import { askedFor, RING_PART } from '../../app/_data/asked-window.ts'

const NOW = Date.parse('2026-03-01T12:00:00.500Z')
const SECOND = 1_000
const HOUR = 3_600 * SECOND

describe('what a window asks of the server', () => {
  it('is every echo where they are few, and buckets that fit on a screen where they are many', () => {
    expect(askedFor({ spanMs: 10 * 60 * SECOND }, SECOND, NOW).resolution).toBe('raw')
    expect(askedFor({ spanMs: HOUR }, SECOND, NOW).resolution).toBe(10)
    expect(askedFor({ spanMs: HOUR }, 60 * SECOND, NOW).resolution).toBe('raw')
    expect(askedFor({ spanMs: 365 * 24 * HOUR }, SECOND, NOW).resolution).toBe(86_400)
  })

  it('is the window itself where that is fixed', () => {
    const window = { spanMs: HOUR, toMs: NOW - HOUR }
    expect(askedFor(window, SECOND, NOW)).toMatchObject({
      fromMs: NOW - 2 * HOUR,
      toMs: NOW - HOUR,
    })
  })

  it('stays the same for seconds where that is live, and never begins too late', () => {
    const asked = [...Array(60).keys()].map((i) =>
      askedFor({ spanMs: HOUR }, SECOND, NOW + i * SECOND),
    )
    expect(new Set(asked.map(({ fromMs }) => fromMs)).size).toBeLessThanOrEqual(7)
    for (const [i, { fromMs, toMs }] of asked.entries()) {
      expect(fromMs).toBeLessThanOrEqual(NOW + i * SECOND - HOUR)
      expect(toMs).toBeUndefined()
    }
  })

  it.each([200, SECOND, 10 * SECOND])(
    'is asked again before the live echoes of every %d ms could leave a hole',
    (intervalMs) => {
      const window = { spanMs: 100 * intervalMs }
      const first = askedFor(window, intervalMs, NOW)
      const later = askedFor(window, intervalMs, NOW + 2 * RING_PART * intervalMs)
      expect(later.fromMs).toBeGreaterThan(first.fromMs)
    },
  )
})
