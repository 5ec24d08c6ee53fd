// The table of the group's addresses: searched, sorted, each a way to its own page.
'use client'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useFaultText } from '../../_data/use-act.ts'
import type { RateOrder } from '../../_group/rate-order.ts'
import { RateTable } from '../../_group/rate-table.tsx'
import { Button } from '../../_ui/button.tsx'
import type { GroupRows } from './use-group-rows.ts'

type RatePanelProps = Pick<GroupRows, 'rate' | 'shownRates'> & {
  order: RateOrder
  onOrder(next: RateOrder): void
  query: string
  onQuery(next: string): void
  pathOf(targetId: string): string
}

export function RatePanel(props: RatePanelProps) {
  const { rate, shownRates, order, onOrder, query, onQuery, pathOf } = props
  const t = useTranslations()
  const faultText = useFaultText()
  return (
    <div className="flex max-h-[80dvh] flex-col gap-2">
      <label className="relative flex max-w-64 items-center">
        <span className="sr-only">{t('history.search')}</span>
        <Search size={14} aria-hidden className="absolute left-2 text-faint" />
        <input
          type="search"
          value={query}
          maxLength={200}
          placeholder={t('history.search')}
          onChange={({ target }) => onQuery(target.value)}
          className="h-7 w-full rounded-4 border border-line bg-surface pr-2 pl-7 text-13"
        />
      </label>
      {rate.error && (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-13">
          {faultText(rate.error)}
          <Button onClick={rate.retry}>{t('history.retry')}</Button>
        </div>
      )}
      {rate.data ? (
        <RateTable
          group={rate.data}
          rows={shownRates}
          order={order}
          onOrder={onOrder}
          isStale={rate.isOld}
          pathOf={pathOf}
        />
      ) : (
        !rate.error && (
          <p className="rounded-8 border border-line bg-surface py-16 text-center text-13 text-faint">
            {t('rate.counting')}
          </p>
        )
      )}
    </div>
  )
}
