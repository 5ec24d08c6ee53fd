import { describe, expect, it } from 'vitest'
import type { Bucket } from '#lib/samples/history-contract.ts'
import { foldIntoWeek, placeOf, spanOf } from '../../app/_charts/week-hours.ts'

// A Wednesday, in whichever zone the test runs.
const WEDNESDAY = new Date(2026, 2, 4, 14, 0, 0).getTime()
const HOUR = 3_600_000
const WEEK = 7 * 24 * HOUR

function hour(atMs: number, sent: number, lost: number, avg_ms: number | null): Bucket {
  const nothing = { min_ms: null, max_ms: null, p50_ms: null, p95_ms: null, p99_ms: null }
  const share = { success_rate: (sent - lost) / sent, coverage: 1, longest_outage_seconds: 0 }
  const counts = { sent, lost, received: sent - lost, not_measured: 3 }
  return {
    at: new Date(atMs).toISOString(),
    avg_ms,
    jitter_ms: null,
    ...nothing,
    ...share,
    ...counts,
  }
}

describe('the hours of a week', () => {
  it('are told from Monday on, in the zone of who reads', () => {
    expect(placeOf(WEDNESDAY)).toEqual({ day: 2, hour: 14 })
    expect(placeOf(WEDNESDAY + 4 * 24 * HOUR)).toEqual({ day: 6, hour: 14 })
  })

  it('hold what every week had in them; averages weigh as much as was answered', () => {
    const week = foldIntoWeek([
      hour(WEDNESDAY, 100, 0, 10),
      hour(WEDNESDAY + WEEK, 100, 50, 40),
      hour(WEDNESDAY + HOUR, 60, 60, null),
    ])
    expect(week[2]?.[14]).toEqual({ sent: 200, lost: 50, notMeasured: 6, avgMs: 20 })
    expect(week[2]?.[15]).toEqual({ sent: 60, lost: 60, notMeasured: 3, avgMs: null })
    expect(week[0]?.[0]).toEqual({ sent: 0, lost: 0, notMeasured: 0, avgMs: null })
    expect(spanOf(week)).toEqual({ low: 20, high: 20 })
  })

  it('have no span while nothing was answered', () => {
    expect(spanOf(foldIntoWeek([]))).toBeUndefined()
  })
})
