// How deep an answered cell is coloured: all alike, or each by its round trip.
import type { DepthOf } from './draw-matrix.ts'
import { type MatrixCells, medianSpan } from './matrix-cells.ts'

export type Measure = 'loss' | 'roundTrip'

/** By the logarithm of the median, between the shortest and the longest of all cells. */
export function measureDepth(measure: Measure, cells: MatrixCells): DepthOf {
  const span = measure === 'roundTrip' ? medianSpan(cells) : undefined
  if (!span) return () => 0
  const low = Math.log(Math.max(1, span.lowUs))
  const width = Math.log(Math.max(1, span.highUs)) - low
  return ({ p50_us }, i) => {
    const us = p50_us[i] ?? -1
    return us < 0 || width === 0 ? 0 : (Math.log(Math.max(1, us)) - low) / width
  }
}
