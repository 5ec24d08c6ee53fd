// The figures of the window: how well it answered, how much of it was measured, how fast.
'use client'
import { useFormatter, useTranslations } from 'next-intl'
import { NOTHING, roundTrip, successPercent } from '../../../../_charts/figures.ts'
import type { TimeWindow } from '../../../../_charts/time-window.ts'
import { type ShownTarget, useFigures } from '../../../../_data/history.ts'

type WindowFiguresProps = { shown: ShownTarget; window: TimeWindow; nowMs: number }

type FigureName =
  | (typeof ROUND_TRIPS)[number]
  | 'success'
  | 'coverage'
  | 'sent'
  | 'received'
  | 'lostCount'
  | 'notMeasured'
  | 'longestOutage'

const ROUND_TRIPS = ['min', 'avg', 'max', 'p50', 'p95', 'p99', 'jitter'] as const

export function WindowFigures({ shown, window, nowMs }: WindowFiguresProps) {
  const t = useTranslations('history')
  const format = useFormatter()
  const { data } = useFigures(shown, window, nowMs)
  const count = (n: number | undefined) => (n === undefined ? NOTHING : format.number(n))
  const ms = (value: number | null | undefined) => {
    if (value === null || value === undefined) return NOTHING
    const figure = roundTrip(value * 1000)
    return `${figure.value} ${figure.unit}`
  }
  const due = (data?.sent ?? 0) + (data?.not_measured ?? 0)
  const percent = (part: number | undefined, whole: number) =>
    part === undefined || whole === 0 ? NOTHING : `${successPercent(part, whole)} %`
  return (
    <dl
      data-figures
      className="figures grid grid-cols-2 md:grid-cols-7 gap-px overflow-hidden rounded-8 border border-line bg-line"
    >
      <Figure name="success" value={percent(data?.received, data?.sent ?? 0)} />
      <Figure name="coverage" value={percent(data?.sent, due)} />
      <Figure name="sent" value={count(data?.sent)} />
      <Figure name="received" value={count(data?.received)} />
      <Figure name="lostCount" value={count(data?.lost)} />
      <Figure name="notMeasured" value={count(data?.not_measured)} />
      {ROUND_TRIPS.map((name) => (
        <Figure key={name} name={name} value={ms(data?.[`${name}_ms`])} />
      ))}
      <Figure
        name="longestOutage"
        value={
          data?.longest_outage_seconds == null
            ? NOTHING
            : t('seconds', { seconds: data.longest_outage_seconds })
        }
      />
    </dl>
  )
}

function Figure({ name, value }: { name: FigureName; value: string }) {
  const t = useTranslations('history.figures')
  return (
    <div data-figure={name} className="bg-surface px-3 py-2">
      <dt className="truncate text-12 text-muted">{t(name)}</dt>
      <dd className="text-16">{value}</dd>
    </div>
  )
}
