// The window of time in the URL, so that a link brings it back.
'use client'
import { useState } from 'react'
import { type TimeWindow, writeWindow } from '../../../../_charts/time-window.ts'
import type { ShownTarget } from '../../../../_data/history.ts'

/** What every part of the page gets: of which target, in which window, and how to choose another. */
export type InWindow = {
  shown: ShownTarget
  window: TimeWindow
  /** The server's time; it rests while the feed is stale. */
  nowMs: number
  onWindow(next: TimeWindow): void
}

/** The window, and how to change it; neither navigates nor fills the browser's history. */
export function useTimeWindow(first: TimeWindow): [TimeWindow, (next: TimeWindow) => void] {
  const [window, setWindow] = useState(first)
  return [window, change]

  function change(next: TimeWindow): void {
    setWindow(next)
    const url = new URL(location.href)
    for (const [name, value] of Object.entries(writeWindow(next))) {
      if (value === null) url.searchParams.delete(name)
      else url.searchParams.set(name, value)
    }
    history.replaceState(null, '', url)
  }
}
