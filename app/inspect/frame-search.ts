// Which entries of the record the list shows.
import type { Recorded, RecordedKind } from '../_data/live-record.ts'

export type ShownKind = 'in' | 'out' | 'events'

export const KINDS: readonly ShownKind[] = ['in', 'out', 'events']

export type FrameSearch = { words: string; kinds: readonly ShownKind[] }

/** Every word has to stand in the label or the content; capitals do not matter. */
export function filterFrames(
  entries: readonly Recorded[],
  { words, kinds }: FrameSearch,
): readonly Recorded[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0 && kinds.length === KINDS.length) return entries
  return entries.filter(({ kind, label, text }) => {
    if (!kinds.includes(shownAs(kind))) return false
    if (wanted.length === 0) return true
    const content = `${label} ${text}`.toLowerCase()
    return wanted.every((word) => content.includes(word))
  })
}

function shownAs(kind: RecordedKind): ShownKind {
  return kind === 'in' || kind === 'out' ? kind : 'events'
}
