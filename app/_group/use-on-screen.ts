// Whether an element is on the screen or about to be: what cannot be seen is not kept up to date.
'use client'
import { useEffect, useState } from 'react'

const AHEAD = '600px 0px'

/** The first part is the element's ref; it may come and go. */
export function useOnScreen(): [(element: HTMLElement | null) => void, boolean] {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [isOnScreen, setIsOnScreen] = useState(true)
  useEffect(() => {
    if (!element) return
    const observer = new IntersectionObserver(
      (entries) => setIsOnScreen(entries.at(-1)?.isIntersecting ?? true),
      { rootMargin: AHEAD },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return [setElement, isOnScreen]
}
