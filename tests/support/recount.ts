// Figures counted from results one by one, as a person with the exported rows would.
import type { Figures } from '#lib/samples/contract.ts'

/** One target's results, the oldest first; `ms` is null for a lost one. */
export type CountedResult = { at: string; ms: number | null }

type Recounted = Omit<Figures, 'not_measured' | 'coverage' | 'longest_outage_seconds'>

/** What a window's results of several targets say, in whole microseconds until the last step. */
export function recount(targets: CountedResult[][]): Recounted {
  const trips = targets.map((results) =>
    results.flatMap(({ ms }) => (ms === null ? [] : [Math.round(ms * 1000)])),
  )
  const sent = targets.flat().length
  const sorted = trips.flat().sort((a, b) => a - b)
  const received = sorted.length
  const steps = trips.flatMap((of) => of.slice(1).map((us, i) => Math.abs(us - (of[i] ?? 0))))
  const ranked = (share: number) => inMs(sorted[Math.ceil(share * received) - 1])
  return {
    sent,
    received,
    lost: sent - received,
    success_rate: sent > 0 ? received / sent : null,
    min_ms: inMs(sorted[0]),
    avg_ms: inMs(meanOf(sorted)),
    max_ms: inMs(sorted.at(-1)),
    p50_ms: ranked(0.5),
    p95_ms: ranked(0.95),
    p99_ms: ranked(0.99),
    jitter_ms: inMs(meanOf(steps)),
  }
}

const inMs = (us: number | undefined) => (us === undefined ? null : us / 1000)

function meanOf(values: number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, us) => sum + us, 0) / values.length : undefined
}
