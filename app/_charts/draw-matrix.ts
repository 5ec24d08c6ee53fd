// Draws a matrix: a cell fills with loss from below, and with hatch from above.
import type { ChartColours } from './chart-colours.ts'
import { hatchOf } from './hatch.ts'
import { type DarkCount, fateOfCell, type MatrixLine } from './matrix-cells.ts'

/** Columns in device pixels: column i is [left[i], left[i] + width[i]). */
export type Placed = { left: number[]; width: number[] }

/** How deep an answered cell is coloured, from 0 to 1. */
export type DepthOf = (line: MatrixLine, i: number) => number

export type MatrixLook = {
  lines: readonly MatrixLine[]
  columns: Placed
  rowHeight: number
  /** How far it is scrolled, in device pixels like all others. */
  top: number
  colours: ChartColours
  depthOf: DepthOf
}

/** Rows of less than this, in device pixels, have no room for parts: a cell is what is worst in it. */
const ROOMY = 8
/** Rows of this height stand apart; narrower ones join, so that a stripe is one. */
const APART = 14
/** Even one lost echo is seen. */
const LEAST_PART = 3
/** Less of a cell unmeasured is no news. */
const LEAST_HATCH = 0.05
/** A loss of this share is as deep as colour goes where there is no room for parts. */
const DEEPEST_LOSS = 0.2
const [PALEST, DEEPEST] = [16, 96]

/** Fills the canvas with the rows in sight. */
export function drawMatrix(context: CanvasRenderingContext2D, look: MatrixLook): void {
  const { canvas } = context
  const { lines, rowHeight, top } = look
  context.clearRect(0, 0, canvas.width, canvas.height)
  const first = Math.max(0, Math.floor(top / rowHeight))
  const last = Math.min(lines.length, Math.ceil((top + canvas.height) / rowHeight))
  const cell = cellPainter(context, look)
  for (let row = first; row < last; row += 1) {
    const line = lines[row]
    if (!line) continue
    const y = Math.round(row * rowHeight - top)
    const height = Math.round((row + 1) * rowHeight - top) - y
    drawLine(line, { y, height: height - (height >= APART ? 1 : 0) }, look, cell)
  }
}

type Band = { y: number; height: number }
type Box = Band & { left: number; width: number }
type PaintCell = (line: MatrixLine, i: number, box: Box) => void

function drawLine(line: MatrixLine, band: Band, { columns }: MatrixLook, paint: PaintCell): void {
  for (const [i, left] of columns.left.entries()) {
    const width = columns.width[i] ?? 0
    if (width > 0) paint(line, i, { left, width, ...band })
  }
}

function cellPainter(
  context: CanvasRenderingContext2D,
  { colours, depthOf, rowHeight }: MatrixLook,
): PaintCell {
  const hatch = hatchOf(context, colours.hatch, Math.round(6 * devicePixelRatio))
  const answer = tones(colours.answer)
  const loss = tones(colours.loss)
  const isRoomy = rowHeight >= ROOMY

  return (line, i, box) => {
    const fate = fateOfCell(line, i)
    if (fate === 'empty') return
    const sent = line.sent[i] ?? 0
    const unmeasured = line.not_measured[i] ?? 0
    const holes = unmeasured / (sent + unmeasured)
    const lost = (sent - (line.received[i] ?? 0)) / Math.max(1, sent)
    if (fate === 'unmeasured') return fill(hatch, box)
    if (!isRoomy) return fill(flatStyle(fate, lost, holes) ?? tone(answer, depthOf(line, i)), box)
    fill(tone(answer, depthOf(line, i)), box)
    if (holes >= LEAST_HATCH) part(hatch, holes, box, true)
    if (lost > 0)
      part(fate === 'dark' ? colours.dark : colours.loss, lost * (1 - holes), box, false)
  }

  function flatStyle(fate: string, lost: number, holes: number) {
    if (fate === 'dark') return colours.dark
    if (lost > 0) return tone(loss, Math.sqrt(lost / DEEPEST_LOSS))
    return holes > 0.5 ? hatch : undefined
  }

  function part(style: string | CanvasPattern, share: number, box: Box, isAbove: boolean): void {
    const height = Math.min(box.height, Math.max(LEAST_PART, Math.round(share * box.height)))
    if (isAbove) context.clearRect(box.left, box.y, box.width, height)
    fill(style, { ...box, height, y: isAbove ? box.y : box.y + box.height - height })
  }

  function fill(style: string | CanvasPattern, { left, y, width, height }: Box): void {
    context.fillStyle = style
    context.fillRect(left, y, width, height)
  }
}

const TONES = 10

function tones(colour: string): string[] {
  return Array.from({ length: TONES + 1 }, (_, i) => {
    const percent = Math.round(PALEST + ((DEEPEST - PALEST) * i) / TONES)
    return `color-mix(in oklch, ${colour} ${percent}%, transparent)`
  })
}

function tone(of: readonly string[], depth: number): string {
  return of[Math.round(Math.min(1, Math.max(0, depth)) * TONES)] ?? ''
}

/** Above the matrix: how many of the measured were dark in each column, as bars. */
export function drawDarkCounts(
  context: CanvasRenderingContext2D,
  counts: readonly DarkCount[],
  { columns, colours }: Pick<MatrixLook, 'columns' | 'colours'>,
): void {
  const { width, height } = context.canvas
  context.clearRect(0, 0, width, height)
  context.fillStyle = colours.line
  context.fillRect(0, height - 1, width, 1)
  context.fillStyle = colours.dark
  for (const [i, { dark, measured }] of counts.entries()) {
    if (dark === 0) continue
    const tall = Math.max(LEAST_PART, Math.round((dark / measured) * height))
    context.fillRect(columns.left[i] ?? 0, height - tall, columns.width[i] ?? 0, tall)
  }
}
