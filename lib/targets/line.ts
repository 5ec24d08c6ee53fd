// Reads one line of a pasted list: which of its words are addresses, labels or host names.
import { LENGTHS } from '#lib/vocabulary.ts'
import { cleanWord, type Host, type Refusal, readAddress, readName } from './address.ts'
import { readSpan, type Span } from './expand.ts'

/** A piece of a line, and what it is: its addresses with their label, or why there are none. */
export type Piece = { input: string; label: string; read: Host | Span | Refusal }
/** `field` counts the commas before it; `read` is undefined for a mere word. */
type Word = { text: string; field: number; read: Host | Span | Refusal | undefined }

const UNCLEAR = {
  reason: 'a word among several addresses is neither name nor label; give it a line of its own',
}
const FIELD_ENDS = /[,;，；、|\t]+/
const WORD_ENDS = /[\s\p{Cc}]+/u
const DASH = /^[-–—−~]$/
const BULLET = /^[-–—−~*•·=>]+$/

/** The line's words, as typed. */
export function wordsOf(line: string): string[] {
  return line.split(FIELD_ENDS).flatMap(wordsOfField)
}

/**
 * Words beside a single address are its label; several addresses are several targets; without an
 * address each word is a host name.
 */
export function readLine(line: string): Piece[] {
  const words = joinRanges(readWords(line))
  const addresses = words.filter(({ read }) => read)
  if (addresses.length === 0) return words.filter(isNoBullet).map(asName)
  if (addresses.length === 1) return asTargets(words)
  // Of several addresses each has the words as its label that stand alone with it between commas.
  return fieldsOf(words).flatMap(asTargets)
}

// Words beside one address are its label. Beside several only those are taken that can be nothing
// but names of hosts: "127.0.0.1, ::1, localhost" is a list.
function asTargets(words: Word[]): Piece[] {
  const labels = words.filter(({ read }) => !read)
  const isAlone = words.length - labels.length === 1
  return words.flatMap((word) => {
    const { text, read } = word
    if (read) return [{ input: text, label: isAlone ? labelOf(labels) : '', read }]
    if (isAlone || BULLET.test(text)) return []
    return [isSurelyHost(text) ? asName(word) : { input: text, label: '', read: UNCLEAR }]
  })
}

function isSurelyHost(text: string): boolean {
  const name = readName(cleanWord(text))
  return 'canonical' in name && (name.canonical.includes('.') || name.canonical === 'localhost')
}

function asName({ text }: Word): Piece {
  return { input: text, label: '', read: readName(cleanWord(text)) }
}

function labelOf(words: Word[]): string {
  const first = words.findIndex(isNoBullet)
  const last = words.findLastIndex(isNoBullet)
  const label = words
    .slice(Math.max(first, 0), last + 1)
    .map(({ text }) => text)
    .join(' ')
  // Half of a surrogate pair is no character.
  const cut = label.slice(0, LENGTHS.label).replace(/[\uD800-\uDBFF]$/, '')
  return cut.replace(/^["“”]|["“”]$/g, '').trim()
}

function readWords(line: string): Word[] {
  return line
    .split(FIELD_ENDS)
    .flatMap((part, field) =>
      wordsOfField(part).map((text) => ({ text, field, read: readWord(text) })),
    )
}

function wordsOfField(part: string): string[] {
  return part.split(WORD_ENDS).filter((text) => text !== '')
}

function readWord(text: string): Word['read'] {
  // Most words of a list are labels: they need no closer look.
  if (!/[.:．：。｡]/.test(text)) return undefined
  const word = cleanWord(text)
  return readAddress(word) ?? readSpan(word)
}

function isNoBullet({ text }: Word): boolean {
  return !BULLET.test(text)
}

// "10.0.0.1 - 10.0.0.9" is one range, written with blanks.
function joinRanges(words: Word[]): Word[] {
  const joined: Word[] = []
  for (const word of words) {
    const [first, dash] = joined.slice(-2)
    const range = first && dash && DASH.test(dash.text) && readRangeOf(first, word)
    if (!range) joined.push(word)
    else
      joined.splice(-2, 2, {
        ...first,
        text: `${first.text} ${dash.text} ${word.text}`,
        read: range,
      })
  }
  return joined
}

function readRangeOf(first: Word, last: Word): Word['read'] {
  if (!first.read || !last.read || 'first' in first.read || 'first' in last.read) return undefined
  return readSpan(`${cleanWord(first.text)}-${cleanWord(last.text)}`)
}

function fieldsOf(words: Word[]): Word[][] {
  const fields: Word[][] = []
  for (const word of words) {
    const last = fields.at(-1)
    if (last?.[0]?.field === word.field) last.push(word)
    else fields.push([word])
  }
  return fields
}
