// Behind the round trips: what was lost, in colour, and what was not measured, hatched.
import type uPlot from 'uplot'
import { chartColours } from './chart-colours.ts'
import { hatchOf } from './hatch.ts'
import { fateOf, type HistoryColumns } from './history-columns.ts'

/** Of the height, for a place where all was lost; the least that is still seen, in CSS pixels. */
const TALLEST = 0.3
const SHORTEST_PX = 4

export function drawFates(plot: uPlot, columns: HistoryColumns): void {
  const { ctx, bbox } = plot
  const colours = chartColours()
  const hatch = hatchOf(ctx, colours.hatch, Math.round(8 * devicePixelRatio))
  const veil = `color-mix(in oklch, ${colours.dark} 22%, transparent)`
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const [i, from] of columns.from.entries()) {
    const fate = fateOf(columns, i)
    if (fate === 'answered' || fate === 'empty') continue
    // Whole pixels, so that neighbours join without a seam.
    const left = Math.round(plot.valToPos(from, 'x', true))
    const right = Math.round(plot.valToPos(columns.until[i] ?? from, 'x', true))
    const column = { left, width: Math.max(1, right - left) }
    if (fate === 'unmeasured') fill(hatch, column, 1)
    if (fate === 'dark') fill(veil, column, 1)
    if (fate !== 'unmeasured') {
      fill(colours[fate === 'dark' ? 'dark' : 'loss'], column, shareOf(columns, i) * TALLEST)
    }
  }
  ctx.restore()

  function fill(style: string | CanvasPattern, { left, width }: Column, share: number): void {
    const height = Math.max(SHORTEST_PX * devicePixelRatio, share * bbox.height)
    ctx.fillStyle = style
    ctx.fillRect(left, bbox.top + bbox.height - height, width, height)
  }
}

type Column = { left: number; width: number }

function shareOf({ lost, sent }: HistoryColumns, i: number): number {
  return (lost[i] ?? 0) / (sent[i] ?? 1)
}
