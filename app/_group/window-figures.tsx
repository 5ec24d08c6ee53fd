// The figures of the window: how well it answered, how much of it was measured, how fast.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { NOTHING } from '../../../../_charts/figures.ts'
import { rateQuery } from '../../../../_data/rates.ts'
import { RateCell } from '../../../../_group/rate-cell.tsx'
import { RATE_COLUMNS } from '../../../../_group/rate-order.ts'
import type { InWindow } from './in-window.ts'

export function WindowFigures({ shown, window }: Pick<InWindow, 'shown' | 'window'>) {
  const t = useTranslations('rate')
  const { spanMs, toMs } = window
  const { data } = useQuery(
    rateQuery(shown.groupId, {
      targetId: shown.targetId,
      seconds: Math.max(1, Math.round(spanMs / 1000)),
      ...(toMs !== undefined && { floor: new Date(toMs - spanMs).toISOString() }),
    }),
  )
  return (
    <dl className="figures grid grid-cols-2 gap-px overflow-hidden rounded-8 border border-line bg-surface sm:grid-cols-4 lg:grid-cols-7">
      {RATE_COLUMNS.map((column) => (
        <div key={column} data-figure={column} className="px-3 py-2 outline outline-line">
          <dt className="truncate text-12 text-muted">{t(`columns.${column}`)}</dt>
          <dd className="text-16">
            {data ? <RateCell column={column} figures={data} /> : <span>{NOTHING}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
