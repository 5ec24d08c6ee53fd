import { describe, expect, it } from 'vitest'
import { createKernelClock } from '../../../../worker/probers/icmp/kernel-clock.ts'

function manualClocks(offsetMs: number) {
  const time = { nowMs: 1_000, offsetMs }
  const clocks = { steadyMs: () => time.nowMs, realMs: () => time.nowMs + time.offsetMs }
  return { time, clock: createKernelClock(clocks) }
}

describe('kernel clock', () => {
  it('tells arrival in steady time', () => {
    const { time, clock } = manualClocks(1.7e12)
    time.nowMs = 1_020
    clock.measure()
    expect(clock.arrivalMs(1.7e12 + 1_007.5)).toBeCloseTo(1_007.5, 2)
  })

  it.each([-3_600_000, -250, 250, 3_600_000])(
    'tells it also for what came around a step of the wall by %i ms',
    (step) => {
      const { time, clock } = manualClocks(1.7e12)
      time.nowMs = 1_020
      time.offsetMs += step
      clock.measure()
      expect(clock.arrivalMs(1.7e12 + 1_007)).toBeCloseTo(1_007, 2)
      expect(clock.arrivalMs(1.7e12 + step + 1_007)).toBeCloseTo(1_007, 2)
      time.nowMs = 1_040
      clock.measure()
      expect(clock.arrivalMs(1.7e12 + step + 1_030)).toBeCloseTo(1_030, 2)
    },
  )

  it.each([-5, 5])('falls back on now when a step of %i ms leaves both possible', (step) => {
    const { time, clock } = manualClocks(1.7e12)
    time.nowMs = 1_020
    time.offsetMs += step
    clock.measure()
    expect(clock.arrivalMs(1.7e12 + 1_010)).toBe(1_020)
    expect(clock.arrivalMs(1.7e12 + step + 1_010)).toBe(1_020)
  })

  it('uses now where the kernel gave no time', () => {
    const { time, clock } = manualClocks(1.7e12)
    time.nowMs = 1_040
    expect(clock.arrivalMs(undefined)).toBe(1_040)
  })
})
