// Marked changes in front of a chart: a thin line each, with its words where there is room.
import type uPlot from 'uplot'
import { chartColours } from './chart-colours.ts'

export type ChartMark = { ms: number; text: string }

const FONT_PX = 12
const GAP_PX = 4
const LONGEST = 32
const ROWS = 3
const ROW_PX = 15

/** `marks` in ascending order; words that stand in each other's way go below each other. */
export function drawMarks(plot: uPlot, marks: readonly ChartMark[]): void {
  const { ctx, bbox } = plot
  const pixel = devicePixelRatio
  const right = bbox.left + bbox.width
  const freeFrom = Array<number>(ROWS).fill(bbox.left)
  ctx.save()
  ctx.font = `${FONT_PX * pixel}px system-ui, sans-serif`
  ctx.textBaseline = 'top'
  ctx.textAlign = 'left'
  ctx.setLineDash([])
  ctx.strokeStyle = chartColours().text
  ctx.fillStyle = chartColours().text
  ctx.lineWidth = pixel
  for (const { ms, text } of marks) {
    const x = plot.valToPos(ms, 'x', true)
    if (x < bbox.left || x > right) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    const words = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
    const [gap, width] = [GAP_PX * pixel, ctx.measureText(words).width]
    const left = x + gap + width <= right ? x + gap : x - gap - width
    const row = freeFrom.findIndex((free) => left >= free)
    if (row < 0) continue
    ctx.fillText(words, left, bbox.top + row * ROW_PX * pixel)
    freeFrom[row] = left + width + gap
  }
  ctx.restore()
}
