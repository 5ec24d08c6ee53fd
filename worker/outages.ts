// Finds outages in what is stored: opened by the third loss in a row, closed by an answer.
import type { Tx } from '#lib/db/client.ts'
import {
  closeOutages,
  type Loss,
  type NewOutage,
  noteErrors,
  openOutages,
  readOpenOutages,
} from '#lib/samples/outages.ts'
import type { Flush } from '#lib/samples/write.ts'
import type { EchoResult, Outcome } from './prober.ts'

export type Outages = {
  /** In the flush's transaction, after its samples; the flush has the results in the same order. */
  follow(tx: Tx, results: EchoResult[], flush: Flush): Promise<void>
  /** Other shards are held now: what goes on with them is read again with the next flush. */
  refresh(): void
}

/** `onOpened` hears, after the commit, of each outage that goes on. */
export function createOutages({ onOpened }: { onOpened: (outages: NewOutage[]) => void }): Outages {
  /** By probe, whether an ICMP error is noted. No statement goes out for what stays as it is. */
  const open = new Map<number, boolean>()
  let isStale = true

  return {
    async follow(tx, results, flush) {
      if (isStale) await read(tx)
      const losses: Loss[] = []
      const errors: Loss[] = []
      const answers: { probeId: number; atMs: number }[] = []
      for (const [i, { probeId, outcome }] of results.entries()) {
        const hasError = open.get(probeId)
        const atMs = flush.atMs[i] ?? 0
        if (outcome.kind === 'reply') {
          if (hasError !== undefined) answers.push({ probeId, atMs })
          continue
        }
        const loss = { probeId, atMs, outcome: flush.rttUs[i] ?? 0, error: errorOf(outcome) }
        if (hasError === undefined) losses.push(loss)
        else if (!hasError && loss.error) errors.push(loss)
      }
      if (losses.length > 0) await begin(tx, losses)
      if (errors.length > 0) await note(tx, errors)
      if (answers.length > 0) await end(tx, answers)
    },
    refresh() {
      isStale = true
    },
  }

  async function read(tx: Tx): Promise<void> {
    const found = await readOpenOutages(tx)
    open.clear()
    for (const { probeId, hasError } of found) open.set(probeId, hasError)
    isStale = false
  }

  async function begin(tx: Tx, losses: Loss[]): Promise<void> {
    const opened = await openOutages(tx, losses)
    if (opened.length === 0) return
    tx.afterCommit(() => {
      for (const { probeId, hasError } of opened) open.set(probeId, hasError)
      onOpened(opened)
    })
  }

  async function note(tx: Tx, errors: Loss[]): Promise<void> {
    await noteErrors(tx, errors)
    tx.afterCommit(() => {
      for (const { probeId } of errors) open.set(probeId, true)
    })
  }

  async function end(tx: Tx, answers: { probeId: number; atMs: number }[]): Promise<void> {
    const closed = await closeOutages(tx, answers)
    tx.afterCommit(() => {
      for (const probeId of closed) open.delete(probeId)
      // What could not be closed may have been so by another worker.
      isStale ||= answers.some(({ probeId }) => open.has(probeId))
    })
  }
}

function errorOf(outcome: Outcome): Loss['error'] {
  if (outcome.kind === 'unreachable') return { code: outcome.code, from: outcome.from }
  return outcome.kind === 'ttl-exceeded' ? { code: null, from: outcome.from } : undefined
}
