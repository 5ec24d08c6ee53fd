// Which cell of a matrix is looked at: by whom and when, so that it stays while rows move.
import { columnAt, type MatrixCells } from './matrix-cells.ts'
import { type TimeWindow, windowBetween } from './time-window.ts'

/** Without a target it is a column. */
export type Pointed = { id: string | undefined; ms: number }

/** A row and a column, from 0. */
export type Cell = { row: number; column: number }

/** Undefined where the target is not shown. */
export function cellOf(cells: MatrixCells, { id, ms }: Pointed): Cell | undefined {
  const row = cells.lines.findIndex((line) => line.id === id)
  return row < 0 || cells.from.length === 0 ? undefined : { row, column: columnAt(cells, ms) }
}

export function pointedOf({ from, until, lines }: MatrixCells, { row, column }: Cell): Pointed {
  const ms = ((from[column] ?? 0) + (until[column] ?? 0)) / 2
  return { id: lines[row]?.id, ms }
}

/** The column of this time with one more on either side. */
export function windowAround(cells: MatrixCells, ms: number, nowMs: number): TimeWindow {
  const column = columnAt(cells, ms)
  const [fromMs, untilMs] = [cells.from[column] ?? ms, cells.until[column] ?? ms]
  const widthMs = untilMs - fromMs
  return windowBetween(fromMs - widthMs, untilMs + widthMs, nowMs)
}

/**
 * The cell after this key; undefined where the key means nothing. From none the newest cell of the
 * first row.
 */
export function cellAfterKey(
  key: string,
  cell: Cell | undefined,
  { rows, columns, page }: { rows: number; columns: number; page: number },
): Cell | undefined {
  const step = STEPS.get(key)?.(page)
  if (!step || rows === 0 || columns === 0) return undefined
  if (!cell) return { row: 0, column: columns - 1 }
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value))
  return {
    row: within(cell.row + (step.row ?? 0), rows),
    column: within(cell.column + (step.column ?? 0), columns),
  }
}

const STEPS = new Map<string, (page: number) => Partial<Cell>>([
  ['ArrowUp', () => ({ row: -1 })],
  ['ArrowDown', () => ({ row: 1 })],
  ['PageUp', (page) => ({ row: -page })],
  ['PageDown', (page) => ({ row: page })],
  ['ArrowLeft', () => ({ column: -1 })],
  ['ArrowRight', () => ({ column: 1 })],
])
