// Whether an element is on the screen or about to be: what cannot be seen is not kept up to date.
'use client'
import { type RefObject, useEffect, useState } from 'react'

const AHEAD = '600px 0px'

export function useOnScreen(place: RefObject<HTMLElement | null>): boolean {
  const [isOnScreen, setIsOnScreen] = useState(true)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const observer = new IntersectionObserver(
      (entries) => setIsOnScreen(entries.at(-1)?.isIntersecting ?? true),
      { rootMargin: AHEAD },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return isOnScreen
}
