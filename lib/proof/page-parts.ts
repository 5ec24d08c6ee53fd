// What the pages of a proof pack are written from, and their sections and tables.
import type { Locale } from '#lib/language/locale.ts'
import type { proofWords } from '#lib/language/words.ts'
import { escapeXml as text } from './chart.ts'
import type { OpenProof } from './read.ts'

/** How many results were packed by now. */
export type Counted = { rows: number }

export type Page = {
  proof: OpenProof
  words: ReturnType<typeof proofWords>
  locale: Locale
  counted: Counted
  /** Of all files. */
  names: readonly string[]
  chart: string
}

export const section = (title: string, content: string) =>
  `<section><h2>${text(title)}</h2>${content}</section>`
export const note = (line: string) => `<p class="note">${text(line)}</p>`

export function table(head: string[], rows: string[][]): string {
  const cells = (of: string[], tag: string) => of.map((one) => `<${tag}>${one}</${tag}>`).join('')
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')
  return `<table><thead><tr>${cells(head.map(text), 'th')}</tr></thead><tbody>${body}</tbody></table>`
}
