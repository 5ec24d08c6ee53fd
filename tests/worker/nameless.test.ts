import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNameless } from '../../worker/nameless.ts'
import type { EchoResult } from '../../worker/prober.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { probeOf } from './probers/probing.ts'

describe('a probe whose host does not exist', () => {
  const clock = createManualClock()
  let results: EchoResult[]
  let nameless: ReturnType<typeof createNameless>
  beforeEach(() => {
    vi.useFakeTimers()
    results = []
    nameless = createNameless({ clock, onResults: (batch) => void results.push(...batch) })
  })
  afterEach(() => {
    nameless.close()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50)
      await vi.advanceTimersByTimeAsync(50)
    }
  }

  it('is told as that at its interval, from its first second on', async () => {
    nameless.start([probeOf({ id: 7, intervalMs: 1_000 })])
    await pass(1_000)
    expect(results.length).toBeGreaterThan(0)
    await pass(10_000)
    expect(Math.abs(results.length - 11)).toBeLessThanOrEqual(1)
    for (const { probeId, outcome } of results) {
      expect([probeId, outcome]).toEqual([7, { kind: 'no-such-name' }])
    }
  })

  it('is told no more once it is stopped', async () => {
    nameless.start([probeOf({ id: 7 }), probeOf({ id: 8 })])
    await pass(1_000)
    nameless.stop([7])
    results = []
    await pass(2_000)
    expect(new Set(results.map(({ probeId }) => probeId))).toEqual(new Set([8]))
  })
})
