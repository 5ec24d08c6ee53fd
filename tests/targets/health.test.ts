import { describe, expect, it } from 'vitest'
import { type Evidence, healthOf, standingOf, worstOf } from '#lib/targets/health.ts'

const good: Evidence = { sent: 120, received: 120, lostInARow: 0, typicalUs: 400, isOverdue: false }

describe('the health of a target', () => {
  it('is answering when echoes come back in time', () => {
    expect(healthOf(good)).toBe('answering')
  })

  it('is unmeasured, never good or bad, when nobody measured', () => {
    expect(healthOf({ ...good, sent: 0, received: 0 })).toBe('unmeasured')
    expect(healthOf({ ...good, isOverdue: true })).toBe('unmeasured')
  })

  it('is dark after three losses in a row, or without any answer at all', () => {
    expect(healthOf({ ...good, received: 117, lostInARow: 3 })).toBe('dark')
    expect(healthOf({ ...good, sent: 1, received: 0, lostInARow: 1 })).toBe('dark')
    expect(healthOf({ ...good, received: 118, lostInARow: 2 })).not.toBe('dark')
  })

  it('is lossy from two losses that make two percent', () => {
    expect(healthOf({ ...good, received: 117 })).toBe('lossy')
    expect(healthOf({ ...good, received: 118 })).toBe('answering')
    expect(healthOf({ ...good, sent: 2, received: 1 })).toBe('answering')
  })

  it('is slow when the usual round trip reaches the threshold', () => {
    expect(healthOf({ ...good, typicalUs: 200_000 })).toBe('slow')
    expect(healthOf({ ...good, typicalUs: 199_999 })).toBe('answering')
  })

  it('does not matter while the target does not run', () => {
    expect(standingOf('stopped', good)).toBe('stopped')
    expect(standingOf('parked', good)).toBe('parked')
  })
})

describe('the worst of many', () => {
  it('is what a card takes its colour from', () => {
    expect(worstOf(['answering', 'slow', 'dark', 'stopped'])).toBe('dark')
    expect(worstOf(['stopped', 'answering'])).toBe('answering')
    expect(worstOf([])).toBeUndefined()
  })
})
