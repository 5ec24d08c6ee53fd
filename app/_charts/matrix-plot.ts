// A matrix on two canvases, drawn anew when its data, window, size, scroll or theme change.
import { chartColours, onThemeChange } from './chart-colours.ts'
import { type DepthOf, drawDarkCounts, drawMatrix, type Placed } from './draw-matrix.ts'
import type { DarkCount, MatrixCells } from './matrix-cells.ts'
import type { Edges } from './time-window.ts'

type MatrixPlotOptions = {
  /** What is scrolled; `body` stays in its sight. */
  scroller: HTMLElement
  /** The cells, and above them how many were dark. */
  body: HTMLCanvasElement
  head: HTMLCanvasElement
}

/** What is drawn; `rowHeight` in CSS pixels. */
export type DrawnMatrix = {
  cells: MatrixCells
  counts: readonly DarkCount[]
  edges: Edges
  rowHeight: number
  depthOf: DepthOf
}

export type MatrixPlot = {
  show(drawn: DrawnMatrix): void
  close(): void
}

export function createMatrixPlot({ scroller, body, head }: MatrixPlotOptions): MatrixPlot {
  let drawn: DrawnMatrix | undefined
  const undone = new AbortController()
  const size = new ResizeObserver(draw)
  for (const canvas of [body, head]) size.observe(canvas)
  scroller.addEventListener('scroll', draw, { signal: undone.signal, passive: true })
  const unwatch = onThemeChange(draw)

  return {
    show(next) {
      drawn = next
      draw()
    },
    close() {
      undone.abort()
      unwatch()
      size.disconnect()
    },
  }

  function draw(): void {
    const [bodyContext, headContext] = [body, head].map(fittedContext)
    if (!drawn || !bodyContext || !headContext) return
    const { cells, counts, edges, rowHeight, depthOf } = drawn
    const columns = placeColumns(cells, edges, body.width)
    const colours = chartColours()
    drawDarkCounts(headContext, counts, { columns, colours })
    drawMatrix(bodyContext, {
      lines: cells.lines,
      columns,
      rowHeight: rowHeight * devicePixelRatio,
      top: scroller.scrollTop * devicePixelRatio,
      colours,
      depthOf,
    })
  }
}

// The bitmap has the device's pixels; nothing where the canvas has no size yet.
function fittedContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const width = Math.round(canvas.clientWidth * devicePixelRatio)
  const height = Math.round(canvas.clientHeight * devicePixelRatio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  return width > 0 && height > 0 ? canvas.getContext('2d') : null
}

// On whole pixels, so that neighbours join without a seam.
function placeColumns(
  { from, until }: MatrixCells,
  { fromMs, toMs }: Edges,
  width: number,
): Placed {
  const place = (ms: number) =>
    Math.round(Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs))) * width)
  const left = from.map(place)
  return { left, width: until.map((ms, i) => place(ms) - (left[i] ?? 0)) }
}
