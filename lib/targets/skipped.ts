// Gathers what was not added: one entry for a piece refused as a whole.
import type { Skipped } from './contract.ts'

/** One address of a piece as typed; `reason` is undefined where it was taken. */
export type Judged = { input: string; host: string; reason: string | undefined }

// A pasted megabyte without a space is not sent back whole.
const SHOWN = 300

/** Neighbours of one `input` belong together: a /24 that is there already is one entry, not 254. */
export function gatherSkipped(judged: Judged[]): Skipped[] {
  const skipped: Skipped[] = []
  for (let start = 0; start < judged.length; ) {
    const input = judged[start]?.input
    let end = start
    while (end < judged.length && judged[end]?.input === input) end += 1
    skipped.push(...skippedOfPiece(judged.slice(start, end)))
    start = end
  }
  return skipped
}

/** Cuts what is longer than 300 characters. */
export function skippedPiece(input: string, reason: string): Skipped {
  return { input: input.length > SHOWN ? `${input.slice(0, SHOWN)}…` : input, reason }
}

function skippedOfPiece(piece: Judged[]): Skipped[] {
  const [first] = piece
  if (first?.reason && piece.every(({ reason }) => reason === first.reason)) {
    return [skippedPiece(first.input, first.reason)]
  }
  return piece.flatMap(({ host, reason }) => (reason ? [skippedPiece(host, reason)] : []))
}
