// Whether an element is in sight or about to be: the unseen is not kept up to date.
'use client'
import { useEffect, useState } from 'react'

const AHEAD = '600px 0px'

/** The first part is the element's ref; it may come and go. Not in sight until it was looked at. */
export function useOnScreen(): [(element: HTMLElement | null) => void, boolean] {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [isOnScreen, setIsOnScreen] = useState(false)
  useEffect(() => {
    if (!element) return
    const observer = new IntersectionObserver(
      (entries) => setIsOnScreen(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: AHEAD },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return [setElement, isOnScreen]
}
