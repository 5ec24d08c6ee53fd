// What one place of the chart holds, in words; of none, which window is shown.
'use client'
import { useLocale, useTranslations } from 'next-intl'
import type { Floor } from '#lib/samples/contract.ts'
import { roundTrip } from '../../../../_charts/figures.ts'
import { floorAt } from '../../../../_charts/floor-line.ts'
import { fateOf, type HistoryColumns } from '../../../../_charts/history-columns.ts'
import { edgesOf, type TimeWindow } from '../../../../_charts/time-window.ts'

type PlaceReadoutProps = {
  columns: HistoryColumns
  floor: Floor | undefined
  place: number | undefined
  window: TimeWindow
  nowMs: number
}

const SHOWN = ['min', 'p50', 'p95', 'p99', 'max'] as const
const DAY_MS = 86_400_000

export function PlaceReadout({ columns, floor, place, window, nowMs }: PlaceReadoutProps) {
  const locale = useLocale()
  const { fromMs, toMs } = edgesOf(window, nowMs)
  const from = place === undefined ? undefined : columns.from[place]
  const isPlace = place !== undefined && from !== undefined
  const writer = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: window.spanMs > 60 * DAY_MS ? 'short' : 'medium',
    hourCycle: 'h23',
  })
  const until = isPlace ? (columns.until[place] ?? from) : toMs
  return (
    <p data-readout className="figures flex min-h-6 flex-wrap items-baseline gap-x-3 px-2 text-13">
      <span className="text-muted" suppressHydrationWarning>
        {writer.formatRange(isPlace ? from : fromMs, until)}
      </span>
      {isPlace && <PlaceFigures columns={columns} place={place} />}
      {isPlace && <PlaceFloor us={(floorAt(floor, [from])[0] ?? 0) * 1000} />}
    </p>
  )
}

function PlaceFigures({ columns, place }: { columns: HistoryColumns; place: number }) {
  const t = useTranslations('history')
  const tRate = useTranslations('rate')
  const fate = fateOf(columns, place)
  if (fate === 'unmeasured' || fate === 'empty') return <span>{t(fate)}</span>
  const [sent, lost] = [columns.sent[place] ?? 0, columns.lost[place] ?? 0]
  const named = SHOWN.flatMap((name) => {
    const ms = columns[name][place]
    return ms === null || ms === undefined ? [] : [{ name, ...roundTrip(ms * 1000) }]
  })
  const [first] = named
  if (sent === 1)
    return <b className="font-medium">{first ? `${first.value} ${first.unit}` : t('lost')}</b>
  return (
    <>
      {named.map(({ name, value, unit }) => (
        <span key={name}>
          <span className="text-faint">{tRate(`columns.${name}_ms`)}</span> {value} {unit}
        </span>
      ))}
      <span className={lost > 0 ? 'text-lossy' : 'text-faint'}>{t('lostOf', { lost, sent })}</span>
    </>
  )
}

function PlaceFloor({ us }: { us: number }) {
  const t = useTranslations('history')
  if (us === 0) return null
  const { value, unit } = roundTrip(us)
  return (
    <span className="text-faint" title={t('floorHint')}>
      {t('floor')} {value} {unit}
    </span>
  )
}
