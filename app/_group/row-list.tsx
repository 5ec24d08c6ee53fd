// The rows of a card; only those in view are there, however many the group has.
'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { DENSITIES, type Density, listHeight } from './card-size.ts'
import { Row } from './row.tsx'

type RowListProps = { group: MyGroup; rows: LiveTarget[]; density: Density }

export function RowList({ group, rows, density }: RowListProps) {
  'use no memo'
  const scroller = useRef<HTMLDivElement>(null)
  const height = DENSITIES[density]
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    initialRect: { width: 380, height: listHeight(rows.length, density) },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are measured anew per density.
  useEffect(() => virtualizer.measure(), [virtualizer, height])
  return (
    <div ref={scroller} className="h-full overflow-y-auto overscroll-contain">
      <ul
        aria-label={group.name}
        style={{ height: virtualizer.getTotalSize() }}
        className="relative"
      >
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const target = rows[index]
          return target && <Row key={key} group={group} target={target} place={{ start, height }} />
        })}
      </ul>
    </div>
  )
}
