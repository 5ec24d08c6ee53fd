// Columns that fill the width, on a line grid so fine that cards of any height lie close.
import type { CSSProperties, ReactNode } from 'react'
import { GRID_LINE_PX } from '../_group/card-size.ts'

const NARROWEST_PX = 380
/** A single card on a wide screen is not stretched beyond reading. */
const WIDEST_PX = 1_000
const GAP_PX = 12

/** `count` cards belong here, though a filter may hide some: the columns stay where they are. */
export function WallGrid({ count, children }: { count: number; children: ReactNode }) {
  return (
    <div style={linesFor(count)} className="peer grid grid-flow-row-dense">
      {children}
    </div>
  )
}

// Never more columns than cards, so that they fill the width.
function linesFor(count: number): CSSProperties {
  const share = `calc((100% - ${(count - 1) * GAP_PX}px) / ${count})`
  const least = `max(min(${NARROWEST_PX}px, 100%), ${share})`
  return {
    columnGap: GAP_PX,
    maxWidth: count * WIDEST_PX,
    gridAutoRows: GRID_LINE_PX,
    gridTemplateColumns: `repeat(auto-fill, minmax(${least}, 1fr))`,
  }
}
