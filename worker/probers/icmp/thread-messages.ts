// What the engine's thread and the main thread tell each other, results as numbers.
import type { MessagePort } from 'node:worker_threads'
import { OUTCOME } from '#lib/vocabulary.ts'
import { codeOf } from '../../outcome-code.ts'
import type { EchoResult, Outcome, Probe, ProberCounters } from '../../prober.ts'

export type ThreadData = {
  /** Raised after each command: the thread sleeps on it. */
  signal: Int32Array
  commands: MessagePort
  sources: string[]
}

export type Command =
  | { kind: 'start'; probes: Probe[] }
  | { kind: 'stop'; probeIds: number[] }
  | { kind: 'close' }

export type ThreadMessage =
  | { kind: 'ready'; sockets: string[] }
  | { kind: 'refused'; reason: string }
  | { kind: 'results'; results: PackedResults; counters: ProberCounters }

/** Three numbers a result: probe, time of sending, and the outcome's code. */
export type PackedResults = { rows: Float64Array<ArrayBuffer>; origins: Origin[] }

/** Where the error in this row came from. */
type Origin = { row: number; from: string; code: number }

const NUMBERS_A_ROW = 3
const FIRST_ROWS = 1_024

export type ResultPacker = {
  add(probeId: number, sentSteadyMs: number, outcome: Outcome): void
  size(): number
  /** Everything added since the last time. */
  take(): PackedResults
}

export function createResultPacker(): ResultPacker {
  let rows = new Float64Array(NUMBERS_A_ROW * FIRST_ROWS)
  let origins: Origin[] = []
  let size = 0
  return {
    add(probeId, sentSteadyMs, outcome) {
      const at = NUMBERS_A_ROW * size
      if (at === rows.length) rows = widened(rows)
      rows[at] = probeId
      rows[at + 1] = sentSteadyMs
      rows[at + 2] = codeOf(outcome)
      const origin = originOf(size, outcome)
      if (origin) origins.push(origin)
      size += 1
    },
    size: () => size,
    take() {
      const packed = { rows: rows.slice(0, NUMBERS_A_ROW * size), origins }
      origins = []
      size = 0
      return packed
    },
  }
}

function widened(rows: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(2 * rows.length)
  wider.set(rows)
  return wider
}

function originOf(row: number, outcome: Outcome): Origin | undefined {
  if (outcome.kind === 'unreachable') return { row, from: outcome.from, code: outcome.code }
  return outcome.kind === 'ttl-exceeded' ? { row, from: outcome.from, code: 0 } : undefined
}

export function unpackResults({ rows, origins }: PackedResults): EchoResult[] {
  const results: EchoResult[] = []
  const originAt = new Map(origins.map((origin) => [origin.row, origin]))
  for (let at = 0; at < rows.length; at += NUMBERS_A_ROW) {
    results.push({
      probeId: rows[at] ?? 0,
      sentSteadyMs: rows[at + 1] ?? 0,
      outcome: toOutcome(rows[at + 2] ?? OUTCOME.lost, originAt.get(at / NUMBERS_A_ROW)),
    })
  }
  return results
}

function toOutcome(value: number, origin: Origin | undefined): Outcome {
  if (value >= 0) return { kind: 'reply', rttUs: value }
  if (!origin) return { kind: 'lost' }
  const { from, code } = origin
  return value === OUTCOME.unreachable
    ? { kind: 'unreachable', from, code }
    : { kind: 'ttl-exceeded', from }
}
