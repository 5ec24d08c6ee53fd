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
export type PackedResults = { rows: Float64Array; origins: Origin[] }

/** Where the error in this row came from. */
type Origin = { row: number; from: string; code: number }

export type ResultPacker = {
  add(probeId: number, sentSteadyMs: number, outcome: Outcome): void
  size(): number
  /** Everything added since the last time. */
  take(): PackedResults
}

export function createResultPacker(): ResultPacker {
  let values: number[] = []
  let origins: Origin[] = []
  return {
    add(probeId, sentSteadyMs, outcome) {
      const row = values.length / 3
      values.push(probeId, sentSteadyMs, codeOf(outcome))
      if ('from' in outcome) {
        origins.push({ row, from: outcome.from, code: 'code' in outcome ? outcome.code : 0 })
      }
    },
    size: () => values.length / 3,
    take() {
      const packed = { rows: Float64Array.from(values), origins }
      values = []
      origins = []
      return packed
    },
  }
}

export function unpackResults({ rows, origins }: PackedResults): EchoResult[] {
  const results: EchoResult[] = []
  const originOf = new Map(origins.map((origin) => [origin.row, origin]))
  for (let at = 0; at + 2 < rows.length; at += 3) {
    results.push({
      probeId: rows[at] ?? 0,
      sentSteadyMs: rows[at + 1] ?? 0,
      outcome: toOutcome(rows[at + 2] ?? OUTCOME.lost, originOf.get(at / 3)),
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
