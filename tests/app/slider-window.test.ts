import { describe, expect, it } from 'vitest'
import { marksOf, ticksOf, windowAround } from '../../app/_past/slider-window.ts'

const HOUR = 3_600_000
const T = Date.parse('2026-11-20T12:00:00Z')
const wanted = { span: 'hour', atMs: T, presentMs: T, keptFromMs: T - 100 * HOUR } as const
const iso = (ms: number) => new Date(ms).toISOString()

describe('the span of the slider', () => {
  it('ends about now while it can, else has the moment in its middle', () => {
    const live = windowAround(undefined, wanted)
    expect(live).toEqual({ span: 'hour', fromMs: T - HOUR, toMs: T })
    const earlier = windowAround(live, { ...wanted, atMs: T - 5 * HOUR })
    expect(earlier.fromMs).toBe(T - 5.5 * HOUR)
    expect(earlier.toMs).toBe(T - 4.5 * HOUR)
  })

  it('stays where it is while the moment is within it', () => {
    const held = windowAround(undefined, wanted)
    expect(windowAround(held, { ...wanted, atMs: T - HOUR })).toBe(held)
    expect(windowAround(held, { ...wanted, presentMs: T + HOUR, atMs: T - 1 })).toBe(held)
    expect(windowAround(held, { ...wanted, span: 'day' }).toMs - T).toBeLessThan(HOUR)
  })

  it('never begins before what is kept', () => {
    const keptFromMs = T - 2 * HOUR
    const week = windowAround(undefined, { ...wanted, span: 'week', keptFromMs })
    expect(week.fromMs).toBe(keptFromMs)
  })

  it('has a tick at every round time', () => {
    const { stepMs, ticks } = ticksOf({ span: 'hour', fromMs: T - HOUR + 1, toMs: T })
    expect(stepMs).toBe(600_000)
    expect(ticks.map(({ ms }) => (ms - T) / 60_000)).toEqual([-50, -40, -30, -20, -10, 0])
    expect(ticks.at(-1)?.place).toBe(1)
  })
})

describe('the marks of outages', () => {
  const window = { fromMs: 0, toMs: 1_000_000 }
  const outage = (fromMs: number, toMs: number | null) => ({
    started_at: iso(fromMs),
    ended_at: toMs === null ? null : iso(toMs),
  })

  it('lie where the outages lie, cut by the window', () => {
    const marks = marksOf([outage(500_000, 600_000), outage(-5, 100_000)], window)
    expect(marks).toEqual([
      { start: 0, end: 0.1 },
      { start: 0.5, end: 0.6 },
    ])
    expect(marksOf([outage(900_000, null)], window)).toEqual([{ start: 0.9, end: 1 }])
  })

  it('are one where they touch, so that a thousand outages are no thousand marks', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => outage(i * 10, i * 10 + 15))
    expect(marksOf(many, window)).toHaveLength(1)
  })
})
