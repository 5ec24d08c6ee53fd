// How a target stands, in one word: from a window of results, by thresholds kept here.
import type { TargetState } from './contract.ts'

export type Health = 'dark' | 'lossy' | 'slow' | 'unmeasured' | 'answering'
/** What a row says: the health of a running target, or why it has none. */
export type Standing = Health | 'parked' | 'stopped'

/** Worst first: the order in which a card takes its colour. */
export const STANDINGS: readonly Standing[] = [
  'dark',
  'lossy',
  'slow',
  'unmeasured',
  'answering',
  'parked',
  'stopped',
]

export type Thresholds = {
  /** So many losses in a row, or a window without any answer, is dark. */
  darkAfterLosses: number
  /** A single lost packet is not yet a lossy line. */
  lossyFromLosses: number
  /** A fraction from 0 to 1. */
  lossyFromRate: number
  slowFromMs: number
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  darkAfterLosses: 3,
  lossyFromLosses: 2,
  lossyFromRate: 0.02,
  slowFromMs: 200,
}

/** So many of the latest answers make up what is typical. */
export const TYPICAL_ANSWERS = 5
/** In so many of the latest results stand those answers, or losses enough for another word. */
export const TELLING_RESULTS = DEFAULT_THRESHOLDS.darkAfterLosses + TYPICAL_ANSWERS - 1

export type Evidence = {
  /** Results in the window; lost ones are `sent - received`. */
  sent: number
  received: number
  /** Losses at the window's end. */
  lostInARow: number
  /** Round trip of the latest answers, robust against a single late one; undefined without any. */
  typicalUs: number | undefined
  /** The newest result is older than it should be: nobody knows how the target is now. */
  isOverdue: boolean
}

/** No measurement is never health: neither good nor bad. */
export function healthOf(evidence: Evidence, thresholds = DEFAULT_THRESHOLDS): Health {
  const { sent, received, lostInARow, typicalUs } = evidence
  if (sent === 0 || evidence.isOverdue) return 'unmeasured'
  if (received === 0 || lostInARow >= thresholds.darkAfterLosses) return 'dark'
  const lost = sent - received
  if (lost >= thresholds.lossyFromLosses && lost / sent >= thresholds.lossyFromRate) return 'lossy'
  if (typicalUs !== undefined && typicalUs >= thresholds.slowFromMs * 1000) return 'slow'
  return 'answering'
}

/**
 * How many of these latest results (the newest last, µs or outcome codes) tell a target's health to
 * whoever knows its counts: one where all is well, else back to five answers or three losses.
 */
export function tellingResults(
  results: readonly number[],
  thresholds = DEFAULT_THRESHOLDS,
): number {
  let answers = 0
  let losses = 0
  let isWell = true
  for (const us of results.toReversed()) {
    if (us < 0) losses += 1
    else answers += 1
    isWell &&= us >= 0 && us < thresholds.slowFromMs * 1_000
    if (answers === TYPICAL_ANSWERS || losses === thresholds.darkAfterLosses) break
  }
  return isWell ? Math.min(1, answers) : answers + losses
}

/** The health of a running target; of any other its state. */
export function standingOf(state: TargetState, evidence: Evidence): Standing {
  return state === 'running' ? healthOf(evidence) : state
}

/** Undefined where there is none. */
export function worstOf(standings: Iterable<Standing>): Standing | undefined {
  const present = new Set(standings)
  return STANDINGS.find((standing) => present.has(standing))
}
