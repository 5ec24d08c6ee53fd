// The success rate of a group: the window to choose, the figure, the table of its addresses.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { SuccessRate } from '#lib/samples/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { withWindow } from '../_charts/time-window.ts'
import { type AskedWindow, rateQuery, timeWindowOf } from '../_data/rates.ts'
import { targetsQuery } from '../_data/targets.ts'
import { useFaultText } from '../_data/use-act.ts'
import { Dialog } from '../_ui/dialog.tsx'
import { FormFault } from '../_ui/field.tsx'
import { Share } from './rate-cell.tsx'
import { sortRates, WORST_FIRST } from './rate-order.ts'
import { RateTable } from './rate-table.tsx'
import { FIRST_WINDOW, RateWindow } from './rate-window.tsx'

type RateDialogProps = { group: MyGroup; first?: AskedWindow | undefined; onClose(): void }

export function RateDialog({ group, first = FIRST_WINDOW, onClose }: RateDialogProps) {
  const t = useTranslations('rate')
  const faultText = useFaultText()
  const [window, setWindow] = useState(first)
  const { data: rate, error, isPlaceholderData } = useQuery(rateQuery(group.id, window))
  return (
    <Dialog title={t('title', { name: group.name })} onClose={onClose} isWide>
      <RateWindow first={first} onAsk={setWindow} />
      {error && <FormFault>{faultText(error)}</FormFault>}
      <div aria-live="polite" className="flex min-h-9 shrink-0 flex-wrap items-baseline gap-x-3">
        {rate && <Headline rate={rate} />}
      </div>
      {rate ? (
        <Rates
          groupId={group.id}
          rate={rate}
          window={window}
          isStale={isPlaceholderData || error !== null}
        />
      ) : (
        !error && <p className="py-8 text-center text-13 text-faint">{t('counting')}</p>
      )}
    </Dialog>
  )
}

type RatesProps = { groupId: string; rate: SuccessRate; window: AskedWindow; isStale: boolean }

const noTargets: LiveTarget[] = []

function Rates({ groupId, rate, window, isStale }: RatesProps) {
  const [order, setOrder] = useState(WORST_FIRST)
  const { data: targets = noTargets } = useQuery(targetsQuery(groupId))
  const rows = useMemo(() => {
    const labels = new Map(targets.map(({ id, label }) => [id, label]))
    return sortRates(rate.targets, order).map((row) => ({
      ...row,
      label: labels.get(row.id) ?? '',
    }))
  }, [targets, rate, order])
  const shown = timeWindowOf(window)
  return (
    <RateTable
      group={rate}
      rows={rows}
      order={order}
      onOrder={setOrder}
      isStale={isStale}
      pathOf={(targetId) => withWindow(`/groups/${groupId}/targets/${targetId}`, shown)}
    />
  )
}

function Headline({ rate }: { rate: SuccessRate }) {
  const t = useTranslations('rate')
  const window = useWindowText(rate)
  const { sent, received, not_measured } = rate
  const due = sent + not_measured
  return (
    <>
      <span data-figure="rate" className="figures text-28 leading-9 font-medium">
        <Share of={received} in={sent} />
      </span>
      <span className="text-13 text-muted">
        {sent > 0 ? t('answered', { received, sent }) : t(due > 0 ? 'unmeasured' : 'nothing')}
      </span>
      {sent > 0 && (
        <span className="text-13 text-muted">
          <span className="figures">
            <Share of={sent} in={due} />
          </span>{' '}
          {t('measured')}
        </span>
      )}
      <span className="figures ml-auto text-12 text-faint max-sm:ml-0">{window}</span>
    </>
  )
}

function useWindowText({ floor_time, time_range }: SuccessRate): string {
  const locale = useLocale()
  const from = Date.parse(floor_time)
  return new Intl.DateTimeFormat(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).formatRange(from, from + time_range * 1000)
}
