// Beside the rows of a matrix: who they are, and what share of their echoes was lost.
'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import Link from 'next/link'
import { type RefObject, useEffect } from 'react'
import { lossPercent, NOTHING } from '../../_charts/figures.ts'
import type { MatrixLine } from '../../_charts/matrix-cells.ts'
import { cx } from '../../_ui/class-names.ts'

type MatrixNamesProps = {
  scroller: RefObject<HTMLDivElement | null>
  lines: readonly MatrixLine[]
  rowHeight: number
  /** Those of the matrix: its cells stand in the middle one. */
  columns: string
  pathOf(targetId: string): string
}

/** Only the rows in sight are there. */
export function MatrixNames({ scroller, lines, rowHeight, columns, pathOf }: MatrixNamesProps) {
  'use no memo'
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 8,
    initialRect: { width: 900, height: 480 },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew per height.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight])
  return virtualizer.getVirtualItems().map(({ index, key, start }) => {
    const line = lines[index]
    if (!line) return null
    return (
      <div
        key={key}
        data-matrix-host={line.host}
        style={{ top: start, height: rowHeight }}
        className={cx('pointer-events-none absolute inset-x-0 grid items-center text-12', columns)}
      >
        {/* Not a stop of Tab: the matrix is one, the table below has the same links. */}
        <Link
          href={pathOf(line.id)}
          prefetch={false}
          tabIndex={-1}
          title={line.label ? `${line.label} ${line.host}` : line.host}
          className={cx(
            'pointer-events-auto truncate pr-2 text-muted hover:text-text',
            !line.label && 'font-mono',
          )}
        >
          {line.label || line.host}
        </Link>
        <LossOf line={line} />
      </div>
    )
  })
}

function LossOf({ line: { sent, received } }: { line: MatrixLine }) {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const [all, lost] = [sum(sent), sum(sent) - sum(received)]
  const percent = lossPercent(lost, all)
  return (
    <span className={cx('figures col-start-3 text-right', lost > 0 ? 'text-lossy' : 'text-faint')}>
      {percent === NOTHING ? percent : `${percent} %`}
    </span>
  )
}
