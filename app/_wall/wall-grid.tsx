// Columns that fill the width, on a line grid so fine that cards of any height lie close.
import type { CSSProperties, ReactNode } from 'react'
import { GRID_LINE_PX } from '../_group/card-size.ts'

const lines: CSSProperties = {
  gridAutoRows: GRID_LINE_PX,
  gridTemplateColumns: 'repeat(auto-fit, minmax(min(380px, 100%), 1fr))',
}

/** A single card on a wide screen is not stretched beyond reading. */
const WIDEST_CARD_PX = 1_000

export function WallGrid({ count, children }: { count: number; children: ReactNode }) {
  return (
    <div
      style={{ ...lines, maxWidth: count * WIDEST_CARD_PX }}
      className="peer grid grid-flow-row-dense gap-x-3"
    >
      {children}
    </div>
  )
}
