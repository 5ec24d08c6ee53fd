// Columns that fill the width, on a line grid so fine that cards of any height lie close.
import type { CSSProperties, ReactNode } from 'react'
import { GRID_LINE_PX } from '../_group/card-size.ts'

const lines: CSSProperties = {
  gridAutoRows: GRID_LINE_PX,
  gridTemplateColumns: 'repeat(auto-fill, minmax(min(380px, 100%), 1fr))',
}

export function WallGrid({ children }: { children: ReactNode }) {
  return (
    <div style={lines} className="peer grid grid-flow-row-dense gap-x-3">
      {children}
    </div>
  )
}
