// Draws a strip: bars by the logarithm of the round trip, full for losses, hatch for holes.
import { DEFAULT_THRESHOLDS } from '#lib/targets/health.ts'
import type { ChartColours } from './chart-colours.ts'
import { hatchOf } from './hatch.ts'
import { NOTHING_THERE, STRIP_SLOTS, type Strip, UNMEASURED } from './strip-slots.ts'

/** Shared by a card, in whole decades, so that it does not change with every result. */
export type StripScale = { lowUs: number; highUs: number }

/** The decades around the round trips of a card; at least one. */
export function scaleOf(range: StripScale | undefined): StripScale {
  if (!range) return { lowUs: 10, highUs: 1_000 }
  const low = Math.floor(Math.log10(Math.max(1, range.lowUs)))
  const high = Math.ceil(Math.log10(Math.max(1, range.highUs)))
  return { lowUs: 10 ** low, highUs: 10 ** Math.max(high, low + 1) }
}

/** Even the quickest answer is seen, and the slowest is not taken for a loss. */
const SHORTEST = 0.16
const TALLEST = 0.86

/** A bar's share of the strip's height. */
function barHeight(us: number, { lowUs, highUs }: StripScale): number {
  const share = Math.log(Math.max(us, lowUs) / lowUs) / Math.log(highUs / lowUs)
  return SHORTEST + Math.min(1, share) * (TALLEST - SHORTEST)
}

export type StripLook = { scale: StripScale; colours: ChartColours; isDark: boolean }

/** Fills the canvas, whose size is in device pixels; bars stand on whole pixels. */
export function drawStrip(context: CanvasRenderingContext2D, strip: Strip, look: StripLook): void {
  const { width, height } = context.canvas
  const { colours, scale } = look
  const pitch = width / STRIP_SLOTS
  const gap = pitch > 2 ? 1 : 0
  const slowUs = DEFAULT_THRESHOLDS.slowFromMs * 1_000
  const hatch = hatchOf(context, colours.hatch, Math.round(Math.max(4, Math.min(8, pitch * 4))))
  context.clearRect(0, 0, width, height)
  for (let slot = 0; slot < STRIP_SLOTS; slot += 1) {
    const us = strip.us[slot] ?? NOTHING_THERE
    if (us === NOTHING_THERE) continue
    const x = Math.round(slot * pitch)
    const end = Math.round((slot + 1) * pitch)
    if (us === UNMEASURED) {
      context.fillStyle = hatch
      context.fillRect(x, 0, end - x, height)
    } else if (us < 0) {
      context.fillStyle = look.isDark ? colours.dark : colours.loss
      context.fillRect(x, 0, Math.max(1, end - x - gap), height)
    } else {
      const tall = Math.max(1, Math.round(barHeight(us, scale) * height))
      context.fillStyle = us >= slowUs ? colours.slow : colours.answer
      context.fillRect(x, height - tall, Math.max(1, end - x - gap), tall)
    }
  }
}
