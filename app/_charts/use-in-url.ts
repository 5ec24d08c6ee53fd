// A choice that stands in the URL, so that the URL brings it back.
'use client'
import { useState } from 'react'

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
