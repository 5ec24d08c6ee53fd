// The chart of the window, and what the place under the pointer holds.
'use client'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { HistoryChart } from '../../../../_charts/history-chart.tsx'
import { noColumns, toColumns } from '../../../../_charts/history-columns.ts'
import { useFloor, useHistory } from '../../../../_data/history.ts'
import { useFaultText } from '../../../../_data/use-act.ts'
import { Button } from '../../../../_ui/button.tsx'
import { PlaceReadout } from './place-readout.tsx'
import type { InWindow } from './use-time-window.ts'

export function HistoryPanel({ shown, window, nowMs, onWindow }: InWindow) {
  const t = useTranslations('history')
  const faultText = useFaultText()
  const { history, error, refetch } = useHistory(shown, window, nowMs)
  const floor = useFloor(shown, window, nowMs)
  const [place, setPlace] = useState<number>()
  const columns = useMemo(
    () => (history ? toColumns(history, shown.intervalMs) : noColumns()),
    [history, shown.intervalMs],
  )
  const isEmpty = history !== undefined && columns.x.length === 0
  return (
    <section
      aria-label={t('chart')}
      aria-busy={history === undefined}
      data-resolution={history?.bucket_seconds ?? history?.resolution}
      className="relative rounded-8 border border-line bg-surface p-2"
    >
      <PlaceReadout columns={columns} floor={floor} place={place} window={window} nowMs={nowMs} />
      <HistoryChart
        columns={columns}
        floor={floor}
        window={window}
        nowMs={nowMs}
        onWindow={onWindow}
        onPoint={setPlace}
        label={t('chartKeys')}
      />
      {isEmpty && (
        <p className="pointer-events-none absolute inset-0 grid place-items-center text-13 text-faint">
          {t('empty')}
        </p>
      )}
      {error && !history && (
        <div role="alert" className="absolute inset-0 grid place-content-center gap-3 text-13">
          {faultText(error)}
          <Button onClick={() => void refetch()}>{t('retry')}</Button>
        </div>
      )}
    </section>
  )
}
