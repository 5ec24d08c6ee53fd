// A group's matrix as a page draws it: a line of cells for each target, each with its fate.
import type { Matrix, MatrixRow } from '#lib/samples/matrix-contract.ts'
import { DEFAULT_THRESHOLDS } from '#lib/targets/health.ts'
import type { Fate } from './history-columns.ts'

/** `isDark` tells for each column whether the target was dark in it. */
export type MatrixLine = MatrixRow & { isDark: boolean[] }

/** Column i is [from[i], until[i]) in ms since 1970, for every line. Not whole: lines are to come. */
export type MatrixCells = {
  from: number[]
  until: number[]
  lines: MatrixLine[]
  isWhole: boolean
}

/** How many of a column's measured targets were dark. */
export type DarkCount = { dark: number; measured: number }

/** The pages of one matrix as one; `intervalMs` is the pause between two echoes of the group. */
export function toCells(pages: readonly Matrix[], intervalMs: number): MatrixCells {
  const [first] = pages
  if (!first) return { from: [], until: [], lines: [], isWhole: false }
  const from = first.at.map((at) => Date.parse(at))
  const until = [...from.slice(1), Date.parse(first.to)]
  // A page of other columns came when what is kept changed in between; the next asking is whole.
  const alike = pages.filter(({ at }) => at.length === first.at.length)
  const rows = alike.flatMap(({ targets }) => targets)
  const lines = rows.map((row) => ({ ...row, isDark: darkOf(row, intervalMs) }))
  return { from, until, lines, isWhole: pages.at(-1)?.next_cursor === null }
}

export function fateOfCell(line: MatrixLine, i: number): Fate {
  const sent = line.sent[i] ?? 0
  if (sent === 0) return (line.not_measured[i] ?? 0) > 0 ? 'unmeasured' : 'empty'
  if (line.isDark[i]) return 'dark'
  return sent > (line.received[i] ?? 0) ? 'lossy' : 'answered'
}

/** The column in which this time lies; the first or last where it lies outside. */
export function columnAt({ from }: MatrixCells, ms: number): number {
  return Math.max(
    0,
    from.findLastIndex((start) => start <= ms),
  )
}

export function darkCounts({ from, lines }: MatrixCells): DarkCount[] {
  return from.map((_, i) => ({
    dark: lines.filter(({ isDark }) => isDark[i]).length,
    measured: lines.filter(({ sent }) => (sent[i] ?? 0) > 0).length,
  }))
}

/** A time in which many were dark; `dark` of `measured` at its worst. */
export type Stripe = DarkCount & { fromMs: number; untilMs: number }

/** So many, and this share of those measured, are many. */
const MANY = 3
const MANY_SHARE = 0.2

/** The outages of many, the oldest first; neighbouring columns are one. */
export function stripesOf({ from, until }: MatrixCells, counts: readonly DarkCount[]): Stripe[] {
  const stripes: Stripe[] = []
  let open: Stripe | undefined
  for (const [i, count] of counts.entries()) {
    if (!isMany(count)) {
      open = undefined
      continue
    }
    const untilMs = until[i] ?? 0
    if (open) {
      open.untilMs = untilMs
      if (count.dark > open.dark) Object.assign(open, count)
    } else {
      open = { ...count, fromMs: from[i] ?? 0, untilMs }
      stripes.push(open)
    }
  }
  return stripes
}

function isMany({ dark, measured }: DarkCount): boolean {
  return dark >= MANY && dark >= MANY_SHARE * measured
}

/** The shortest and longest median of all cells, in µs; undefined where nothing was answered. */
export function medianSpan({ lines }: MatrixCells): { lowUs: number; highUs: number } | undefined {
  let [lowUs, highUs] = [Number.POSITIVE_INFINITY, 0]
  for (const { p50_us } of lines) {
    for (const us of p50_us) {
      if (us < 0) continue
      if (us < lowUs) lowUs = us
      if (us > highUs) highUs = us
    }
  }
  return lowUs <= highUs ? { lowUs, highUs } : undefined
}

/** In intervals: three losses in a row, though echoes leave a little late. */
const DARK_INTERVALS = DEFAULT_THRESHOLDS.darkAfterLosses - 0.5

// Of narrow columns one loss is no outage yet: all must be lost in several in a row.
function darkOf({ sent, received, outage_ms }: MatrixRow, intervalMs: number): boolean[] {
  const isDark = outage_ms.map((ms) => ms >= DARK_INTERVALS * intervalMs)
  let first = 0
  let lost = 0
  for (const [i, count] of sent.entries()) {
    const isAllLost = count > 0 && received[i] === 0
    if (!isAllLost) lost = 0
    else {
      if (lost === 0) first = i
      lost += count
      if (lost >= DEFAULT_THRESHOLDS.darkAfterLosses) isDark.fill(true, first, i + 1)
    }
  }
  return isDark
}
