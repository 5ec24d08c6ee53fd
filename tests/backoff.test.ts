import { describe, expect, it } from 'vitest'
import { createBackoff } from '#lib/backoff.ts'

const delays = (count: number, random: () => number) => {
  const backoff = createBackoff({ firstMs: 100, limitMs: 1_000, random })
  return { backoff, delays: Array.from({ length: count }, () => backoff.nextMs()) }
}

describe('backoff', () => {
  it('doubles up to its limit and stays there', () => {
    expect(delays(6, () => 1).delays).toEqual([100, 200, 400, 800, 1_000, 1_000])
  })

  it('never waits less than half of the bound, so that nobody is hammered', () => {
    expect(delays(6, () => 0).delays).toEqual([50, 100, 200, 400, 500, 500])
  })

  it('begins anew after a success', () => {
    const { backoff } = delays(5, () => 1)
    backoff.reset()
    expect(backoff.nextMs()).toBe(100)
  })

  it('stays bounded however often it is asked', () => {
    expect(delays(5_000, () => 1).delays.at(-1)).toBe(1_000)
  })
})
