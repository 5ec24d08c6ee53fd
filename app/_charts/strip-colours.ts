// The colours of strips, read from the page's tokens once per theme.
export type StripColours = {
  answer: string
  slow: string
  loss: string
  dark: string
  hatch: string
}

const TOKENS = {
  answer: '--answering',
  slow: '--slow',
  loss: '--lossy',
  dark: '--dark',
  hatch: '--hatch',
} as const

let known: { theme: string; colours: StripColours } | undefined

/** Reading styles forces a layout, so it happens once for all strips. */
export function stripColours(): StripColours {
  const root = document.documentElement
  const theme = root.dataset.theme ?? ''
  if (known?.theme !== theme) {
    const style = getComputedStyle(root)
    const colour = (token: string) => style.getPropertyValue(token).trim()
    known = {
      theme,
      colours: {
        answer: colour(TOKENS.answer),
        slow: colour(TOKENS.slow),
        loss: colour(TOKENS.loss),
        dark: colour(TOKENS.dark),
        hatch: colour(TOKENS.hatch),
      },
    }
  }
  return known.colours
}

/** Calls back when the page's theme has changed. Returns its undo. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
