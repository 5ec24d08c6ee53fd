// The figures of every address in a window: sorted by any column, the whole group on top.
'use client'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { Figures, SuccessRate } from '#lib/samples/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { Button } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { RateCell } from './rate-cell.tsx'
import { nextOrder, RATE_COLUMNS, type RateOrder, sortRates, WORST_FIRST } from './rate-order.ts'

/** So many rows at once: ten thousand would take a second to draw. */
const STEP = 200

type RateTableProps = { rate: SuccessRate; targets: readonly LiveTarget[]; isStale: boolean }

export function RateTable({ rate, targets, isStale }: RateTableProps) {
  const t = useTranslations('rate')
  const [order, setOrder] = useState(WORST_FIRST)
  const [most, setMost] = useState(STEP)
  const labels = useMemo(() => new Map(targets.map(({ id, label }) => [id, label])), [targets])
  const rows = useMemo(() => sortRates(rate.targets, order), [rate, order])
  return (
    <section
      aria-label={t('table')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
      tabIndex={0}
      className={cx('min-h-48 overflow-auto rounded-8 border border-line', isStale && 'stale')}
    >
      <table className="figures w-full border-separate border-spacing-0 text-right text-13 whitespace-nowrap">
        <thead className="sticky top-0 z-20 bg-surface text-12">
          <tr>
            {(['host', ...RATE_COLUMNS] as const).map((column) => (
              <Heading
                key={column}
                column={column}
                order={order}
                onChoose={() => setOrder(nextOrder(order, column))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name={t('all')} figures={rate} isGroup />
          {rows.slice(0, most).map((row) => (
            <Row key={row.id} name={labels.get(row.id) || row.host} host={row.host} figures={row} />
          ))}
        </tbody>
      </table>
      {rows.length > most && (
        <div className="sticky left-0 flex justify-center p-3">
          <Button onClick={() => setMost(most + STEP)}>
            {t('more', { count: rows.length - most })}
          </Button>
        </div>
      )}
    </section>
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

type RowProps = { name: string; host?: string; figures: Figures; isGroup?: boolean }

function Row({ name, host, figures, isGroup }: RowProps) {
  const isMeasured = figures.sent > 0
  return (
    <tr
      data-rate-host={host}
      className={cx('hover:bg-raised', isGroup && 'font-medium', !isMeasured && 'text-faint')}
    >
      <th
        scope="row"
        className={cx(
          'sticky left-0 max-w-64 truncate border-b border-line bg-surface px-2.5 py-1.5 text-left max-sm:max-w-36',
          isGroup ? 'font-medium' : 'font-normal',
          name === host && 'font-mono text-12',
        )}
        title={host}
      >
        {name}
        {host && host !== name && (
          <span className="ml-2 font-mono text-12 text-faint max-sm:hidden">{host}</span>
        )}
      </th>
      {RATE_COLUMNS.map((column) => (
        <td key={column} data-rate={column} className="border-b border-line px-2.5 py-1.5">
          <RateCell column={column} figures={figures} />
        </td>
      ))}
    </tr>
  )
}
