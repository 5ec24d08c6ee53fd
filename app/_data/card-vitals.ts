// What a card says of its targets at one moment: who stands how, the share of answers.
import type { MyGroup } from '#lib/groups/contract.ts'
import type { Target } from '#lib/targets/contract.ts'
import { type Evidence, type Standing, standingOf, worstOf } from '#lib/targets/health.ts'
import { PENDING_MS, STRIP_SLOTS } from '../_charts/strip-slots.ts'
import type { SampleRing } from './sample-ring.ts'

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

export type RingOf = (n: number) => SampleRing | undefined

export function cardVitals(
  targets: readonly Target[],
  ringOf: RingOf,
  parameters: MyGroup['parameters'],
  nowMs: number,
): CardVitals {
  const standings = new Map<string, Standing>()
  const tally = createTally()
  const fromMs = nowMs - windowMs(parameters)
  const overdueMs = nowMs - overdueAfterMs(parameters)
  for (const target of targets) {
    const ring = ringOf(target.n)
    const evidence = evidenceOf(ring, fromMs, overdueMs, tally)
    standings.set(target.id, standingOf(target.state, evidence))
  }
  return { standings, worst: worstOf(standings.values()), ...countsOf(standings), ...tally.read() }
}

/** The results of one target since `fromMs`, as evidence of its health. */
export function evidenceOf(
  ring: SampleRing | undefined,
  fromMs: number,
  overdueMs: number,
  tally = createTally(),
): Evidence {
  const evidence = { sent: 0, received: 0, lostInARow: 0, isOverdue: true }
  const latest: number[] = []
  const newestMs = ring?.length ? (ring.at[ring.length - 1] ?? 0) : 0
  for (let i = (ring?.length ?? 0) - 1; ring && i >= 0 && (ring.at[i] ?? 0) >= fromMs; i -= 1) {
    const us = ring.us[i] ?? 0
    if (us < 0 && evidence.received === 0) evidence.lostInARow += 1
    evidence.sent += 1
    if (us < 0) continue
    evidence.received += 1
    tally.answer(us)
    if (latest.length < LATEST) latest.push(us)
  }
  tally.target(evidence, newestMs)
  return { ...evidence, isOverdue: newestMs < overdueMs, typicalUs: median(latest) }
}

const LATEST = 5

function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

function createTally() {
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
      const range = received > 0 ? { lowUs, highUs } : undefined
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
