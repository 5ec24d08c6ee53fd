// What the canary's echoes and the prober's counters of one stretch of time come to.
import type { EchoResult, ProberCounters } from './prober.ts'

/** Round trips in µs; null where none came back. */
export type CanaryFigures = {
  sent: number
  received: number
  minUs: number | null
  medianUs: number | null
  maxUs: number | null
  echoes: number
  latenessUs: number
  overdue: number
  unsent: number
  receiveDrops: number
  lateReplies: number
  duplicates: number
}

/** `change` is how far the counters of all the prober's echoes went on meanwhile. */
export function figuresOf(own: EchoResult[], change: ProberCounters): CanaryFigures {
  const roundTrips = own
    .flatMap(({ outcome }) => (outcome.kind === 'reply' ? [Math.round(outcome.rttUs)] : []))
    .sort((a, b) => a - b)
  return {
    sent: own.length,
    received: roundTrips.length,
    minUs: roundTrips.at(0) ?? null,
    medianUs: roundTrips[roundTrips.length >> 1] ?? null,
    maxUs: roundTrips.at(-1) ?? null,
    echoes: change.sent,
    latenessUs: Math.round((change.latenessMs * 1_000) / Math.max(1, change.sent)),
    overdue: change.overdue,
    unsent: change.unsent,
    receiveDrops: change.receiveDrops,
    lateReplies: change.late,
    duplicates: change.duplicates,
  }
}

export function changeOf(now: ProberCounters, before: ProberCounters): ProberCounters {
  return {
    sent: now.sent - before.sent,
    late: now.late - before.late,
    duplicates: now.duplicates - before.duplicates,
    receiveDrops: now.receiveDrops - before.receiveDrops,
    unsent: now.unsent - before.unsent,
    overdue: now.overdue - before.overdue,
    latenessMs: now.latenessMs - before.latenessMs,
  }
}
