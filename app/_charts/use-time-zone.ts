// The time zone of whoever reads the page, which only the browser knows.
'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** UTC until the page is alive. */
export function useTimeZone(): string {
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  )
}
