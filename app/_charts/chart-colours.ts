// The colours of canvases, read from the page's tokens once per theme.

const TOKENS = {
  answer: '--answering',
  slow: '--slow',
  loss: '--lossy',
  dark: '--dark',
  hatch: '--hatch',
  line: '--line',
  text: '--muted',
} as const

export type ChartColours = Record<keyof typeof TOKENS, string>

let known: { theme: string; colours: ChartColours } | undefined

/** Reading styles forces a layout, so it happens once for all canvases. */
export function chartColours(): ChartColours {
  const root = document.documentElement
  const theme = root.dataset.theme ?? ''
  if (known?.theme !== theme) {
    const style = getComputedStyle(root)
    const colour = (name: keyof typeof TOKENS) => style.getPropertyValue(TOKENS[name]).trim()
    known = {
      theme,
      colours: {
        answer: colour('answer'),
        slow: colour('slow'),
        loss: colour('loss'),
        dark: colour('dark'),
        hatch: colour('hatch'),
        line: colour('line'),
        text: colour('text'),
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
