// What a card says of its targets at one moment: who stands how, the share of answers.
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { type Standing, standingOf, worstOf } from '#lib/targets/health.ts'
import { PENDING_MS } from '#lib/vocabulary.ts'
import { STRIP_SLOTS } from '../_charts/strip-slots.ts'
import { evidenceOf, type RowResults, type Window } from './row-evidence.ts'
import { newestAt } from './sample-ring.ts'

export type CardVitals = {
  standings: ReadonlyMap<string, Standing>
  counts: Readonly<Record<Standing, number>>
  worst: Standing | undefined
  /** Targets that run, and how many of them answer. */
  running: number
  answering: number
  /** Results in the window of the strips, over all targets. */
  sent: number
  received: number
  /** The time of the newest result, 0 without any. */
  newestMs: number
  /** Shortest and longest round trip in the window, µs; undefined without any answer. */
  range: { lowUs: number; highUs: number } | undefined
}

/** A row is grey when its newest result is older than this. */
export function overdueAfterMs({ interval_ms, timeout_ms }: MyGroup['parameters']): number {
  return Math.max(3_000, interval_ms + timeout_ms + PENDING_MS)
}

export const windowMs = (parameters: MyGroup['parameters']) => STRIP_SLOTS * parameters.interval_ms

/** What is known of the target with this number. */
export type ResultsOf = (n: number) => RowResults

export function windowOf(parameters: MyGroup['parameters'], nowMs: number): Window {
  return {
    fromMs: nowMs - windowMs(parameters),
    overdueMs: nowMs - overdueAfterMs(parameters),
    intervalMs: parameters.interval_ms,
  }
}

export function cardVitals(
  targets: readonly LiveTarget[],
  resultsOf: ResultsOf,
  parameters: MyGroup['parameters'],
  nowMs: number,
): CardVitals {
  const standings = new Map<string, Standing>()
  const sum = createSum()
  const window = windowOf(parameters, nowMs)
  for (const target of targets) {
    const results = resultsOf(target.n)
    const evidence = evidenceOf(results, window, sum.answer)
    sum.target(evidence, (results.ring && newestAt(results.ring)) ?? 0)
    standings.set(target.id, standingOf(target.state, evidence))
  }
  return { standings, worst: worstOf(standings.values()), ...countsOf(standings), ...sum.read() }
}

function createSum() {
  let sent = 0
  let received = 0
  let newestMs = 0
  let lowUs = Number.POSITIVE_INFINITY
  let highUs = 0
  return {
    answer(us: number) {
      if (us < lowUs) lowUs = us
      if (us > highUs) highUs = us
    },
    target(of: { sent: number; received: number }, atMs: number) {
      sent += of.sent
      received += of.received
      if (atMs > newestMs) newestMs = atMs
    },
    read() {
      const range = lowUs <= highUs ? { lowUs, highUs } : undefined
      return { sent, received, newestMs, range }
    },
  }
}

function countsOf(standings: ReadonlyMap<string, Standing>) {
  const counts = { ...NO_COUNTS }
  for (const standing of standings.values()) counts[standing] += 1
  const running = standings.size - counts.stopped - counts.parked
  const answering = running - counts.dark - counts.unmeasured
  return { counts, running, answering }
}

export const NO_COUNTS: Readonly<Record<Standing, number>> = {
  dark: 0,
  lossy: 0,
  slow: 0,
  unmeasured: 0,
  answering: 0,
  parked: 0,
  stopped: 0,
}
