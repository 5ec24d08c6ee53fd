import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  edgesOf,
  FIRST_WINDOW,
  LONGEST_MS,
  moved,
  readWindow,
  SHORTEST_MS,
  type TimeWindow,
  windowBetween,
  writeWindow,
  zoomed,
} from '../../app/_charts/time-window.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const HOUR = 3_600_000

const anyWindow: fc.Arbitrary<TimeWindow> = fc
  .tuple(fc.integer({ min: SHORTEST_MS, max: LONGEST_MS }), fc.integer({ min: 0, max: LONGEST_MS }))
  .map(([spanMs, agoMs]) => windowBetween(NOW - agoMs - spanMs, NOW - agoMs, NOW))

const isPossible = (window: TimeWindow) =>
  window.spanMs >= SHORTEST_MS &&
  window.spanMs <= LONGEST_MS &&
  edgesOf(window, NOW).toMs <= NOW + 1

const brought = (window: TimeWindow): TimeWindow => {
  const written = Object.entries(writeWindow(window))
  const parameters = new URLSearchParams(
    written.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  )
  return readWindow(parameters, NOW)
}

describe('the window of a chart', () => {
  it('ends now, and moves on, where it reaches now', () => {
    expect(windowBetween(NOW - HOUR, NOW, NOW)).toEqual({ spanMs: HOUR })
    expect(windowBetween(NOW - HOUR, NOW + HOUR, NOW)).toEqual({ spanMs: 2 * HOUR })
    expect(edgesOf({ spanMs: HOUR }, NOW + 5)).toEqual({ fromMs: NOW + 5 - HOUR, toMs: NOW + 5 })
  })

  it('lies between two times whichever comes first', () => {
    const [a, b] = [NOW - 3 * HOUR, NOW - HOUR]
    expect(windowBetween(a, b, NOW)).toEqual({ spanMs: 2 * HOUR, toMs: b })
    expect(windowBetween(b, a, NOW)).toEqual(windowBetween(a, b, NOW))
  })

  it('holds what is under the pointer while it is zoomed', () => {
    const window = windowBetween(NOW - 10 * HOUR, NOW - 6 * HOUR, NOW)
    const atMs = NOW - 7 * HOUR
    const near = zoomed(window, { factor: 0.5, atMs }, NOW)
    expect(near).toEqual({ spanMs: 2 * HOUR, toMs: NOW - 6.5 * HOUR })
    expect(zoomed(near, { factor: 2, atMs }, NOW)).toEqual(window)
  })

  it('stays live when it is zoomed at its right edge', () => {
    expect(zoomed({ spanMs: HOUR }, { factor: 0.25, atMs: NOW }, NOW)).toEqual({ spanMs: HOUR / 4 })
    expect(zoomed({ spanMs: HOUR }, { factor: 0.25, atMs: NOW - HOUR }, NOW).toMs).toBe(
      NOW - 0.75 * HOUR,
    )
  })

  it('leaves now when it is moved back, and takes hold of it again', () => {
    const back = moved({ spanMs: HOUR }, -HOUR, NOW)
    expect(back).toEqual({ spanMs: HOUR, toMs: NOW - HOUR })
    expect(moved(back, HOUR, NOW)).toEqual({ spanMs: HOUR })
  })

  it('is never shorter or longer than a chart can be, nor to come, however it is moved', () => {
    fc.assert(
      fc.property(
        anyWindow,
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: -LONGEST_MS, max: LONGEST_MS }),
        (window, factor, byMs) => {
          const atMs = edgesOf(window, NOW).fromMs + window.spanMs / 3
          expect(isPossible(zoomed(window, { factor, atMs }, NOW))).toBe(true)
          expect(isPossible(moved(window, byMs, NOW))).toBe(true)
        },
      ),
    )
  })

  it('is brought back by its URL', () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        const [was, is] = [edgesOf(window, NOW), edgesOf(brought(window), NOW)]
        expect(Math.abs(is.fromMs - was.fromMs)).toBeLessThanOrEqual(1_000)
        expect(Math.abs(is.toMs - was.toMs)).toBeLessThanOrEqual(1_000)
      }),
    )
  })

  it.each(['', 'range=', 'range=-5', 'range=x', 'from=x&to=y', 'from=2026-01-02&to=2026-01-01'])(
    'is the first one where the URL says %o',
    (query) => {
      expect(readWindow(new URLSearchParams(query), NOW)).toEqual(FIRST_WINDOW)
    },
  )
})
