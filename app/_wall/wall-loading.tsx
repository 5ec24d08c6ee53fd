// The wall in the shape of what comes, while it is read.
import { cardLines, type Density, HEADLINE_PX } from '../_group/card-size.ts'
import { RowsLoading } from '../_group/rows-loading.tsx'
import { Logo } from '../_ui/logo.tsx'
import { WallGrid } from './wall-grid.tsx'

const ROWS = [8, 5, 12, 6]

export function WallLoading({ density }: { density: Density }) {
  return (
    <div aria-busy className="min-h-dvh">
      <header className="flex min-h-11 items-center border-b border-line px-3">
        <Logo />
      </header>
      <div className="p-3">
        <WallGrid count={ROWS.length}>
          {ROWS.map((rows) => (
            <div
              key={rows}
              style={{ gridRow: `span ${cardLines(rows, density)}` }}
              className="mb-3 rounded-8 border border-line bg-surface"
            >
              <div style={{ height: HEADLINE_PX }} />
              <RowsLoading count={rows} density={density} />
            </div>
          ))}
        </WallGrid>
      </div>
    </div>
  )
}
