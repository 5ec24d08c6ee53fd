// The frame around the cell, or the column, that is looked at.
import { cellOf, type Pointed } from '../../_charts/matrix-cell.ts'
import { columnAt, type MatrixCells } from '../../_charts/matrix-cells.ts'
import type { Edges } from '../../_charts/time-window.ts'

type CellMarkProps = { cells: MatrixCells; pointed: Pointed; edges: Edges; rowHeight: number }

export function CellMark({ cells, pointed, edges, rowHeight }: CellMarkProps) {
  const cell = cellOf(cells, pointed)
  const column = columnAt(cells, pointed.ms)
  const share = (ms = 0) =>
    Math.min(1, Math.max(0, (ms - edges.fromMs) / (edges.toMs - edges.fromMs)))
  const [left, right] = [share(cells.from[column]), share(cells.until[column])]
  const span = { left: `${left * 100}%`, width: `${(right - left) * 100}%` }
  return (
    <>
      <div
        style={span}
        className="pointer-events-none absolute inset-y-0 min-w-px border-x border-text/40"
      />
      {cell && (
        <div
          data-cell
          style={{ ...span, top: cell.row * rowHeight, height: rowHeight }}
          className="pointer-events-none absolute min-w-1 outline-2 outline-text"
        />
      )}
    </>
  )
}
