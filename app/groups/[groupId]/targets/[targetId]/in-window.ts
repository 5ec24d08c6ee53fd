// What every part of a target's page gets, and how it stands in the URL.
'use client'
import { useState } from 'react'
import type { TimeWindow } from '../../../../_charts/time-window.ts'
import type { ShownTarget } from '../../../../_data/history.ts'

/** What every part of the page gets: of which target, in which window, and how to choose another. */
export type InWindow = {
  shown: ShownTarget
  window: TimeWindow
  /** The server's time; it rests while the feed is stale. */
  nowMs: number
  onWindow(next: TimeWindow): void
}

/** A choice, and how to change it; `write` gives its parameters, null for those that go. */
export function useInUrl<Choice>(
  first: Choice,
  write: (choice: Choice) => Record<string, string | null>,
): [Choice, (next: Choice) => void] {
  const [choice, setChoice] = useState(first)
  return [choice, change]

  // Neither navigates nor fills the browser's history.
  function change(next: Choice): void {
    setChoice(next)
    const url = new URL(location.href)
    for (const [name, value] of Object.entries(write(next))) {
      if (value === null) url.searchParams.delete(name)
      else url.searchParams.set(name, value)
    }
    history.replaceState(null, '', url)
  }
}
