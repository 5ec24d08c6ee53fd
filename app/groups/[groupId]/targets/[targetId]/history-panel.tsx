// The chart of the window, and what the place under the pointer holds.
'use client'
import { useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import type { Mark } from '#lib/marks/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { HistoryChart } from '../../../../_charts/history-chart.tsx'
import {
  type HistoryColumns,
  noColumns,
  placeAt,
  toColumns,
} from '../../../../_charts/history-columns.ts'
import { useFloor, useHistories, useHistory } from '../../../../_data/history.ts'
import { useFaultText } from '../../../../_data/use-act.ts'
import { Button } from '../../../../_ui/button.tsx'
import { Comparison } from './comparison.tsx'
import type { InWindow } from './in-window.ts'
import { PlaceReadout } from './place-readout.tsx'

type HistoryPanelProps = InWindow & {
  others: readonly LiveTarget[]
  marks: readonly Mark[]
  onOthers(ids: string[]): void
}

export function HistoryPanel(props: HistoryPanelProps) {
  const { shown, window, nowMs, onWindow, others, marks, onOthers } = props
  const t = useTranslations('history')
  const faultText = useFaultText()
  const { history, error, refetch } = useHistory(shown, window, nowMs)
  const floor = useFloor(shown, window, nowMs)
  const otherColumns = useOtherColumns(props)
  const [pointedMs, setPointedMs] = useState<number>()
  const columns = useMemo(
    () => (history ? toColumns(history, shown.intervalMs) : noColumns()),
    [history, shown.intervalMs],
  )
  const lines = useMemo(
    () => marks.map(({ at, text }) => ({ ms: Date.parse(at), text })).reverse(),
    [marks],
  )
  const place = pointedMs === undefined ? undefined : placeAt(columns, pointedMs)
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
        others={otherColumns}
        marks={lines}
        window={window}
        nowMs={nowMs}
        onWindow={onWindow}
        onPoint={setPointedMs}
        label={t('chartKeys')}
      />
      <Comparison
        shown={shown}
        others={others}
        columns={otherColumns}
        pointedMs={pointedMs}
        onOthers={onOthers}
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

function useOtherColumns({ shown, others, window, nowMs }: HistoryPanelProps): HistoryColumns[] {
  const targets = useMemo(
    () => others.map(({ id, n }) => ({ ...shown, targetId: id, n })),
    [others, shown],
  )
  // A second's beat brings the echoes of that second.
  return useHistories(targets, window, nowMs).map((one) =>
    one ? toColumns(one, shown.intervalMs) : noColumns(),
  )
}
