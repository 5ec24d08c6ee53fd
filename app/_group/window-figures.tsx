// The figures of the window: how well it answered, how much of it was measured, how fast.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { NOTHING } from '../_charts/figures.ts'
import type { TimeWindow } from '../_charts/time-window.ts'
import { rateQuery, rateWindowOf } from '../_data/rates.ts'
import { RateCell } from './rate-cell.tsx'
import { RATE_COLUMNS } from './rate-order.ts'

/** Of the whole group, or of one target. */
type WindowFiguresProps = { groupId: string; targetId?: string; window: TimeWindow }

export function WindowFigures({ groupId, targetId, window }: WindowFiguresProps) {
  const t = useTranslations('rate')
  const asked = { ...rateWindowOf(window), ...(targetId !== undefined && { targetId }) }
  const { data } = useQuery(rateQuery(groupId, asked))
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
