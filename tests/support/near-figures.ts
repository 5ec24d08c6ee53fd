// Figures from summaries are those from results, but for percentiles, which may be 2 % off.
import { expect } from 'vitest'
import type { Figures } from '#lib/samples/contract.ts'

/** Results that lie between two milliseconds are summed up as of the earlier one. */
const OFF_SECONDS = 0.002

/** A percentile may fall between two results, so a whole bucket is allowed. */
const OFF_SHARE = 0.03

export function expectNear(summed: Figures | undefined, exact: Figures | undefined): void {
  expect(summed && plain(summed)).toEqual(exact && plain(exact))
  if (!summed || !exact) return
  const [outage, told] = [summed.longest_outage_seconds ?? 0, exact.longest_outage_seconds ?? 0]
  expect(Math.abs(outage - told)).toBeLessThanOrEqual(OFF_SECONDS)
  for (const share of ['p50_ms', 'p95_ms', 'p99_ms'] as const) {
    const [near, ms] = [summed[share] ?? 0, exact[share] ?? 0]
    expect(Math.abs(near - ms)).toBeLessThanOrEqual(ms * OFF_SHARE + 0.001)
  }
}

function plain({ longest_outage_seconds, p50_ms, p95_ms, p99_ms, ...rest }: Figures) {
  return rest
}
