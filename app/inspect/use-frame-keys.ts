// The inspector's keys: `/` to filter, `p` to pause.
'use client'
import { useEffect, useRef } from 'react'
import { isTyping } from '../_wall/keys.ts'

export const FILTER_ID = 'frame-filter'

export function useFrameKeys(onPause: () => void): void {
  const pause = useRef(onPause)
  useEffect(() => {
    pause.current = onPause
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key === 'p') pause.current()
      if (event.key === '/') {
        event.preventDefault()
        document.getElementById(FILTER_ID)?.focus()
      }
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}
