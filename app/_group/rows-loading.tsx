// Rows in the shape of those to come.
import { cx } from '../_ui/class-names.ts'
import { DENSITIES, type Density } from './card-size.ts'

const MOST = 18
const WIDTHS = ['w-28', 'w-20', 'w-24', 'w-32']

export function RowsLoading({ count, density }: { count: number; density: Density }) {
  const rows = Array.from({ length: Math.min(MOST, count) }, (_, row) => row)
  return (
    <div aria-hidden className="motion-safe:animate-pulse">
      {rows.map((row) => (
        <div
          key={row}
          style={{ height: DENSITIES[density] }}
          className="flex items-center gap-2 pr-4 pl-5"
        >
          <span className="size-3 rounded-4 bg-raised" />
          <span className={cx('h-3 rounded-4 bg-raised', WIDTHS[row % WIDTHS.length])} />
          <span className="ml-auto h-3 w-30 rounded-4 bg-raised" />
          <span className="h-3 w-14 rounded-4 bg-raised" />
        </div>
      ))}
    </div>
  )
}
