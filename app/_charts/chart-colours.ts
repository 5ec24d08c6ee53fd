// The colours of canvases, read from the page's tokens once per theme.

const TOKENS = {
  answer: '--answering',
  slow: '--slow',
  loss: '--lossy',
  dark: '--dark',
  hatch: '--hatch',
  line: '--line',
  text: '--muted',
  compare1: '--compare-1',
  compare2: '--compare-2',
  compare3: '--compare-3',
  compare4: '--compare-4',
  compare5: '--compare-5',
} as const

export type ChartColours = Record<keyof typeof TOKENS, string>

/** Of lines side by side, none of which is a state. */
export const COMPARE_COLOURS = ['compare1', 'compare2', 'compare3', 'compare4', 'compare5'] as const

export const tokenOf = (name: keyof typeof TOKENS) => `var(${TOKENS[name]})`

let known: { theme: string; colours: ChartColours } | undefined

/** Reading styles forces a layout, so it happens once for all canvases. */
export function chartColours(): ChartColours {
  const root = document.documentElement
  const theme = root.dataset.theme ?? ''
  if (known?.theme !== theme) {
    const style = getComputedStyle(root)
    known = { theme, colours: eachToken((token) => style.getPropertyValue(token).trim()) }
  }
  return known.colours
}

function eachToken(read: (token: string) => string): ChartColours {
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, read(token)])
  // Every name of the record is a name of the tokens.
  return Object.fromEntries(entries) as ChartColours
}

/** Calls back when the page's theme has changed. Returns its undo. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
