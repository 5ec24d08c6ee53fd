// The figures of every address in a window: sorted by any column, the whole group on top.
'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import type { Figures } from '#lib/samples/contract.ts'
import { cx } from '../_ui/class-names.ts'
import { nextOrder, RATE_COLUMNS, type RatedTarget, type RateOrder } from './rate-order.ts'
import { RATE_ROW_PX, RateRow } from './rate-row.tsx'

type RateTableProps = {
  group: Figures
  /** In the order they are shown in. */
  rows: readonly RatedTarget[]
  order: RateOrder
  onOrder(next: RateOrder): void
  isStale: boolean
  /** Where the page of a target is. */
  pathOf(targetId: string): string
}

/** Only the rows in view are there, however many the group has. */
export function RateTable({ group, rows, order, onOrder, isStale, pathOf }: RateTableProps) {
  'use no memo'
  const t = useTranslations('rate')
  const scroller = useRef<HTMLElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => RATE_ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    initialRect: { width: 900, height: 600 },
  })
  const shown = virtualizer.getVirtualItems()
  const above = shown[0]?.start ?? 0
  const below = virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <section
      ref={scroller}
      aria-label={t('table')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
      tabIndex={0}
      className={cx(
        'min-h-48 overflow-auto overscroll-contain rounded-8 border border-line bg-surface',
        isStale && 'stale',
      )}
    >
      <table
        aria-rowcount={rows.length + 2}
        className="figures w-full table-fixed border-separate border-spacing-0 text-right text-13 whitespace-nowrap"
      >
        <TableHead {...{ group, order, onOrder }} />
        <tbody>
          <Space height={above} />
          {shown.map(({ index, key }) => {
            const row = rows[index]
            if (!row) return null
            const { label, host } = row
            const place = { index: index + 3, path: pathOf(row.id) }
            return <RateRow key={key} {...place} name={label || host} host={host} figures={row} />
          })}
          <Space height={below} />
        </tbody>
      </table>
    </section>
  )
}

function TableHead({ group, order, onOrder }: Pick<RateTableProps, 'group' | 'order' | 'onOrder'>) {
  const t = useTranslations('rate')
  const columns = ['host', ...RATE_COLUMNS] as const
  return (
    <>
      <colgroup>
        {columns.map((column) => (
          <col key={column} className={WIDTHS[column] ?? 'w-20'} />
        ))}
      </colgroup>
      <thead className="sticky top-0 z-20 bg-surface text-12">
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <Heading
              key={column}
              column={column}
              order={order}
              onChoose={() => onOrder(nextOrder(order, column))}
            />
          ))}
        </tr>
        <RateRow index={2} name={t('all')} figures={group} isGroup />
      </thead>
    </>
  )
}

/** Where a round trip's width is not enough. */
const WIDTHS: Partial<Record<RateOrder['column'], string>> = {
  host: 'w-46 max-sm:w-36',
  success_rate: 'w-22',
  coverage: 'w-22',
  sent: 'w-23',
  received: 'w-23',
  not_measured: 'w-28',
  longest_outage_seconds: 'w-30',
}

// Stands for the rows that are not there.
function Space({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={RATE_COLUMNS.length + 1} />
    </tr>
  )
}

type HeadingProps = { column: RateOrder['column']; order: RateOrder; onChoose(): void }

function Heading({ column, order, onChoose }: HeadingProps) {
  const t = useTranslations('rate.columns')
  const isChosen = order.column === column
  const Arrow = order.isDescending ? ChevronDown : ChevronUp
  const sorted = order.isDescending ? 'descending' : 'ascending'
  return (
    <th
      scope="col"
      aria-sort={isChosen ? sorted : undefined}
      className={cx(
        'border-b border-line px-1 py-1 font-normal',
        column === 'host' && 'sticky left-0 z-10 bg-surface text-left',
      )}
    >
      <button
        type="button"
        onClick={onChoose}
        className={cx(
          'inline-flex h-7 items-center gap-0.5 rounded-4 px-1.5 hover:bg-raised',
          isChosen ? 'text-text' : 'text-muted',
        )}
      >
        {isChosen && <Arrow size={13} aria-hidden />}
        {t(column)}
      </button>
    </th>
  )
}
