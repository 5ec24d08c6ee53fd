// The times below a matrix, on the reader's clock.
'use client'
import { useLocale } from 'next-intl'
import { timeSplits } from '../../_charts/time-splits.ts'
import { timeTicks } from '../../_charts/time-ticks.ts'
import type { Edges } from '../../_charts/time-window.ts'

const MOST_TICKS = 10
/** So near to an edge, in parts of the axis, a label would be cut off. */
const MARGIN = 0.025

export function TimeAxis({ edges }: { edges: Edges }) {
  const locale = useLocale()
  const { splits, stepMs } = timeSplits(edges, MOST_TICKS)
  const labels = timeTicks(splits, stepMs, locale)
  return (
    <div aria-hidden className="figures relative col-start-2 text-12 text-faint">
      {splits.map((ms, i) => {
        const share = (ms - edges.fromMs) / (edges.toMs - edges.fromMs)
        if (share < MARGIN || share > 1 - MARGIN) return null
        return (
          <span
            key={ms}
            style={{ left: `${share * 100}%` }}
            className={`absolute top-1 -translate-x-1/2 whitespace-nowrap ${i % 3 > 0 ? 'max-sm:hidden' : ''}`}
          >
            {labels[i]}
          </span>
        )
      })}
    </div>
  )
}
