// Rows in the shape of those to come, painted as one background: a wall has hundreds.
import { DENSITIES, type Density, listHeight } from './card-size.ts'

const BAR_PX = 12
/** From the left edge or the right one: a row's glyph and name, its strip, round trip and loss. */
const BARS = [
  { left: 20, width: 12 },
  { left: 40, width: 104 },
  { right: 156, width: 120 },
  { right: 76, width: 56 },
  { right: 16, width: 28 },
]

export function RowsLoading({ count, density }: { count: number; density: Density }) {
  const row = DENSITIES[density]
  const [top, bottom] = [(row - BAR_PX) / 2, (row + BAR_PX) / 2]
  const ink = `transparent ${top}px, var(--raised) ${top}px ${bottom}px, transparent ${bottom}px`
  const bars = BARS.map(({ width, ...from }) => {
    const x = 'left' in from ? `left ${from.left}px` : `right ${from.right}px`
    return `${x} top / ${width}px ${row}px repeat-y linear-gradient(${ink})`
  })
  return (
    <div
      aria-hidden
      style={{ height: listHeight(count, density), background: bars.join(', ') }}
      className="motion-safe:animate-pulse"
    />
  )
}
