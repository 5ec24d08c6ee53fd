// A beat for what is only looked at: a page that is not shown does nothing.

/** Calls back at this pace, in time for the next painting; once when the page is shown again. */
export function beatOnScreen(everyMs: number, callback: () => void): () => void {
  let frame: number | undefined
  const timer = setInterval(() => {
    // A browser asks hidden pages for no frame, so this one waits.
    frame ??= requestAnimationFrame(() => {
      frame = undefined
      callback()
    })
  }, everyMs)
  return () => {
    clearInterval(timer)
    if (frame !== undefined) cancelAnimationFrame(frame)
  }
}
