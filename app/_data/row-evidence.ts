// How one row stands: from its results here, and from counts of those that are not.
import { FEW_LOSSES } from '#lib/samples/contract.ts'
import { type Evidence, TYPICAL_ANSWERS } from '#lib/targets/health.ts'
import type { SampleRing } from './sample-ring.ts'

/** What a row's window held up to its result of `upToMs`, where not all of it was sent to us. */
export type RowTally = { upToMs: number; sent: number; lost: number }

export type RowResults = { ring: SampleRing | undefined; tally?: RowTally | undefined }

/** The window to judge by, in ms. */
export type Window = { fromMs: number; overdueMs: number; intervalMs: number }

type Seen = { answers: number; losses: number }

/** The results of one target since `fromMs`, as evidence of its health; `onAnswer` is told each answer here. */
export function evidenceOf(
  { ring, tally }: RowResults,
  { fromMs, overdueMs, intervalMs }: Window,
  onAnswer: (us: number) => void = () => {},
): Evidence {
  const counted: Seen = { answers: 0, losses: 0 }
  const since: Seen = { answers: 0, losses: 0 }
  const latest: number[] = []
  let lostInARow = 0
  let newerMs = 0
  let isJoined = true
  for (let i = (ring?.length ?? 0) - 1; ring && i >= 0; i -= 1) {
    const at = ring.at[i] ?? 0
    if (at < fromMs) break
    const us = ring.us[i] ?? 0
    const part = tally && at <= tally.upToMs ? counted : since
    // Beyond a gap that was not sent to us lie answers that are no longer the latest.
    if (part === counted && newerMs - at >= 2 * intervalMs) isJoined = false
    newerMs = at
    if (us < 0) {
      part.losses += 1
      if (counted.answers + since.answers === 0) lostInARow += 1
    } else {
      part.answers += 1
      if (isJoined && latest.length < TYPICAL_ANSWERS) latest.push(us)
      onAnswer(us)
    }
  }
  const before = tally ? withUnseen(counted, tally, (tally.upToMs - fromMs) / intervalMs) : counted
  const unseen = before.answers - counted.answers
  return {
    sent: before.answers + before.losses + since.answers + since.losses,
    received: before.answers + since.answers,
    lostInARow,
    typicalUs: typicalOf(latest, unseen),
    isOverdue: (ring?.length ? (ring.at[ring.length - 1] ?? 0) : 0) < overdueMs,
  }
}

// Counted results leave the window one an interval, the oldest first. Few losses are here and leave
// it when they do; of many the share that is left is a guess, which ends with the window.
function withUnseen(here: Seen, { sent, lost }: RowTally, intervalsLeft: number): Seen {
  const left = Math.max(0, Math.min(sent, Math.ceil(intervalsLeft)))
  const losses = lost <= FEW_LOSSES ? here.losses : Math.round((lost * left) / sent)
  return {
    losses: Math.max(losses, here.losses),
    answers: Math.max(left - losses, here.answers),
  }
}

// Answers that were not sent to us are no slower than the oldest that was: else they had been sent.
function typicalOf(latest: number[], unseen: number): number | undefined {
  const oldest = latest.at(-1)
  if (oldest === undefined) return undefined
  const missing = Math.min(TYPICAL_ANSWERS - latest.length, Math.max(0, unseen))
  const values = [...latest, ...Array<number>(missing).fill(oldest)]
  return values.sort((a, b) => a - b)[values.length >> 1]
}
