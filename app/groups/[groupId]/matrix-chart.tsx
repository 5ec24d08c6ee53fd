// The matrix on the screen: scrolled, pointed at, walked by keys, drawn on with the mouse.
'use client'
import { type KeyboardEvent, useRef } from 'react'
import { cellAfterKey, cellOf, type Pointed, pointedOf } from '../../_charts/matrix-cell.ts'
import { windowAfterKey } from '../../_charts/range-gestures.ts'
import { edgesOf } from '../../_charts/time-window.ts'
import { CellMark } from './cell-mark.tsx'
import { MatrixNames } from './matrix-names.tsx'
import { TimeAxis } from './time-axis.tsx'
import { type MatrixParts, type ShownCells, useMatrixPlot } from './use-matrix-plot.ts'

const HEAD_PX = 36
const AXIS_PX = 22
/** The rows in sight, at most. */
export const BODY_PX = 480

const WITH_NAMES = 'grid-cols-[clamp(4.5rem,20%,12rem)_minmax(0,1fr)_3.5rem]'
const WITHOUT_NAMES = 'grid-cols-[0_minmax(0,1fr)_0]'

const DRAWN_LOOK = 'pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/15'

type MatrixChartProps = ShownCells & {
  hasNames: boolean
  pointed: Pointed | undefined
  pathOf(targetId: string): string
  /** In words: what it shows, and its keys; and what stands above the rows. */
  label: string
  headLabel: string
}

export function MatrixChart(props: MatrixChartProps) {
  const { cells, rowHeight, window, nowMs, hasNames, pointed, pathOf, label, headLabel } = props
  const parts: MatrixParts = {
    scroller: useRef<HTMLDivElement>(null),
    area: useRef<HTMLDivElement>(null),
    body: useRef<HTMLCanvasElement>(null),
    head: useRef<HTMLCanvasElement>(null),
  }
  const drawn = useMatrixPlot(parts, props)
  const edges = edgesOf(window, nowMs)
  const height = Math.min(BODY_PX, cells.lines.length * rowHeight)
  const columns = hasNames ? WITH_NAMES : WITHOUT_NAMES
  const press = useMatrixKeys(parts, props, height)
  return (
    <div
      ref={parts.scroller}
      style={{ height: HEAD_PX + height + AXIS_PX }}
      className="overflow-x-hidden overflow-y-auto overscroll-contain"
    >
      <MatrixHead canvas={parts.head} columns={columns} label={headLabel} hasNames={hasNames} />
      <div
        style={{ height: cells.lines.length * rowHeight }}
        className={`relative grid ${columns}`}
      >
        <div
          ref={parts.area}
          role="application"
          aria-label={label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes arrows, Enter, plus and minus.
          tabIndex={0}
          onKeyDown={press}
          className="relative col-start-2 cursor-crosshair rounded-4"
        >
          <canvas
            ref={parts.body}
            aria-hidden
            style={{ top: HEAD_PX, height }}
            className="sticky block w-full"
          />
          {pointed && <CellMark {...{ cells, pointed, edges, rowHeight }} />}
          {drawn && <div style={drawn} className={DRAWN_LOOK} />}
        </div>
        {hasNames && (
          <MatrixNames
            scroller={parts.scroller}
            lines={cells.lines}
            rowHeight={rowHeight}
            columns={columns}
            pathOf={pathOf}
          />
        )}
      </div>
      <div
        style={{ height: AXIS_PX }}
        className={`sticky bottom-0 z-20 grid bg-surface ${columns}`}
      >
        <TimeAxis edges={edges} />
      </div>
    </div>
  )
}

type MatrixHeadProps = {
  canvas: MatrixParts['head']
  columns: string
  label: string
  hasNames: boolean
}

function MatrixHead({ canvas, columns, label, hasNames }: MatrixHeadProps) {
  return (
    <div style={{ height: HEAD_PX }} className={`sticky top-0 z-20 grid bg-surface ${columns}`}>
      <span className="truncate pr-2 text-right text-12 leading-9 text-faint">
        {hasNames && label}
      </span>
      <div className="relative">
        <canvas
          ref={canvas}
          role="img"
          aria-label={label}
          className="absolute h-full w-full cursor-crosshair"
        />
      </div>
    </div>
  )
}

// Arrows walk from cell to cell, Enter opens the target; the other keys are those of every chart.
function useMatrixKeys({ scroller }: MatrixParts, props: MatrixChartProps, height: number) {
  const { cells, rowHeight, window, nowMs, pointed, onPoint, onOpen, onWindow } = props

  function walk(key: string): boolean {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1)
    const size = { rows: cells.lines.length, columns: cells.from.length, page }
    const next = cellAfterKey(key, pointed && cellOf(cells, pointed), size)
    if (!next) return false
    onPoint(pointedOf(cells, next))
    showRow(next.row)
    return true
  }

  function showRow(row: number): void {
    const element = scroller.current
    if (!element) return
    const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight]
    if (element.scrollTop > top) element.scrollTop = top
    if (element.scrollTop < bottom - height) element.scrollTop = bottom - height
  }

  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isOpening = event.key === 'Enter' && pointed?.id !== undefined
    const zoomed = isOpening ? undefined : windowAfterKey(event.key, window, nowMs)
    if (isOpening) onOpen(pointed)
    else if (event.key === 'Escape') onPoint(undefined)
    else if (!walk(event.key) && zoomed) onWindow(zoomed)
    else if (!zoomed && !event.key.startsWith('Arrow') && !event.key.startsWith('Page')) return
    event.preventDefault()
  }
}
