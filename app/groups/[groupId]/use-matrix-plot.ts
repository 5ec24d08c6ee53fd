// Keeps a matrix drawn, and turns what the pointer does on it into cells and windows.
'use client'
import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import type { DepthOf } from '../../_charts/draw-matrix.ts'
import { type AreaPoint, watchMatrixArea } from '../../_charts/matrix-area.ts'
import { type Pointed, windowAround } from '../../_charts/matrix-cell.ts'
import type { DarkCount, MatrixCells } from '../../_charts/matrix-cells.ts'
import { createMatrixPlot, type MatrixPlot } from '../../_charts/matrix-plot.ts'
import { watchWheel } from '../../_charts/range-gestures.ts'
import { edgesOf, type Windowed, windowBetween } from '../../_charts/time-window.ts'

export type ShownCells = Windowed & {
  /** Lines in the order they are shown in. */
  cells: MatrixCells
  counts: readonly DarkCount[]
  rowHeight: number
  depthOf: DepthOf
  onPoint(pointed: Pointed | undefined): void
  onOpen(pointed: Pointed): void
}

/** `area` holds the canvas of the cells and is as high as all rows. */
export type MatrixParts = {
  scroller: RefObject<HTMLDivElement | null>
  area: RefObject<HTMLDivElement | null>
  body: RefObject<HTMLCanvasElement | null>
  head: RefObject<HTMLCanvasElement | null>
}

/** What is being drawn with the pointer, in CSS pixels. */
export type DrawnSpan = { left: number; width: number }

export function useMatrixPlot(parts: MatrixParts, shown: ShownCells): DrawnSpan | undefined {
  const { cells, counts, rowHeight, depthOf, window, nowMs } = shown
  const { scroller, area, body, head } = parts
  const [plot, setPlot] = useState<MatrixPlot>()
  const [drawn, setDrawn] = useState<DrawnSpan>()
  const latest = useEffectEvent(() => shown)

  useEffect(() => {
    if (!scroller.current || !area.current || !body.current || !head.current) return
    const made = createMatrixPlot({
      scroller: scroller.current,
      body: body.current,
      head: head.current,
    })
    const undos = [
      ...watchPart(area.current, { hasRows: true, latest: () => latest(), onDraw: setDrawn }),
      ...watchPart(head.current, { hasRows: false, latest: () => latest(), onDraw: setDrawn }),
    ]
    setPlot(made)
    return () => {
      for (const undo of undos) undo()
      made.close()
    }
  }, [scroller, area, body, head])

  const { fromMs, toMs } = edgesOf(window, nowMs)
  useEffect(() => {
    plot?.show({ cells, counts, edges: { fromMs, toMs }, rowHeight, depthOf })
  }, [plot, cells, counts, fromMs, toMs, rowHeight, depthOf])
  return drawn
}

type Watching = {
  /** The other part tells of columns alone. */
  hasRows: boolean
  latest: () => ShownCells
  onDraw: (drawn: DrawnSpan | undefined) => void
}

function watchPart(area: HTMLElement, { hasRows, latest, onDraw }: Watching): (() => void)[] {
  const msAt = (x: number) => {
    const { window, nowMs } = latest()
    const { fromMs, toMs } = edgesOf(window, nowMs)
    return fromMs + (x / Math.max(1, area.clientWidth)) * (toMs - fromMs)
  }
  const pointedAt = ({ x, y }: AreaPoint): Pointed => {
    const { cells, rowHeight } = latest()
    const line = hasRows ? cells.lines[Math.floor(y / rowHeight)] : undefined
    return { id: line?.id, ms: msAt(x) }
  }
  const choose: Windowed['onWindow'] = (next) => latest().onWindow(next)
  const unwatchArea = watchMatrixArea({
    area,
    onPoint: (point) => latest().onPoint(point && pointedAt(point)),
    onOpen: (point) => {
      const [{ cells, nowMs, onOpen }, pointed] = [latest(), pointedAt(point)]
      if (pointed.id === undefined) choose(windowAround(cells, pointed.ms, nowMs))
      else onOpen(pointed)
    },
    onDraw,
    onSelect: (fromX, toX) => choose(windowBetween(msAt(fromX), msAt(toX), latest().nowMs)),
  })
  const wheeled = {
    area,
    window: () => latest().window,
    nowMs: () => latest().nowMs,
    onWindow: choose,
  }
  return [unwatchArea, watchWheel(wheeled, { scrolls: hasRows })]
}
