import { describe, expect, it } from 'vitest'
import { createTravelledClock } from '../../app/_data/travelled-clock.ts'

function clockAt(ms: number) {
  let steadyMs = 0
  const clock = createTravelledClock(ms, () => steadyMs)
  return { clock, pass: (by: number) => (steadyMs += by) }
}

describe('a travelled clock', () => {
  it('stands until it is run, and runs at the speed it was given', () => {
    const { clock, pass } = clockAt(1_000)
    pass(500)
    expect(clock.nowMs()).toBe(1_000)
    clock.run(60)
    pass(500)
    expect(clock.nowMs()).toBe(31_000)
    clock.run(1)
    pass(500)
    expect(clock.nowMs()).toBe(31_500)
    clock.run(0)
    pass(500)
    expect(clock.nowMs()).toBe(31_500)
  })

  it('waits at its limit, and does not make up for the time it waited', () => {
    const { clock, pass } = clockAt(0)
    clock.run(10)
    clock.limit(1_000)
    pass(5_000)
    expect(clock.nowMs()).toBe(1_000)
    clock.limit(9_000)
    expect(clock.nowMs()).toBe(1_000)
    pass(100)
    expect(clock.nowMs()).toBe(2_000)
  })

  it('goes on from where it is put', () => {
    const { clock, pass } = clockAt(0)
    clock.run(2)
    pass(100)
    clock.put(50_000)
    pass(100)
    expect(clock.nowMs()).toBe(50_200)
  })
})
