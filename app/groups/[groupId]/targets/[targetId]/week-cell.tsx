// One hour of a weekday: its colour, and its figures when it is pointed at.
'use client'
import { useTranslations } from 'next-intl'
import { lossPercent, NOTHING, roundTrip } from '../../../../_charts/figures.ts'
import type { WeekHour } from '../../../../_charts/week-hours.ts'
import { cx } from '../../../../_ui/class-names.ts'

export type WeekMeasure = 'loss' | 'roundTrip'

type WeekCellProps = {
  cell: WeekHour
  measure: WeekMeasure
  span: { low: number; high: number } | undefined
}

export function WeekCell({ cell, measure, span }: WeekCellProps) {
  const t = useTranslations('history')
  const { sent, lost, notMeasured, avgMs } = cell
  const average = avgMs === null ? undefined : roundTrip(avgMs * 1000)
  const title =
    sent > 0
      ? t('weekCell', {
          loss: lossPercent(lost, sent),
          average: average ? `${average.value} ${average.unit}` : NOTHING,
          sent,
        })
      : t(notMeasured > 0 ? 'unmeasured' : 'empty')
  const isHatched = sent === 0 && notMeasured > 0
  return (
    <td
      title={title}
      data-week={sent > 0 ? lossPercent(lost, sent) : ''}
      className={cx('h-5 rounded-4', isHatched ? 'hatched' : 'bg-raised')}
      style={sent > 0 ? { background: colourOf(cell, measure, span) } : undefined}
    >
      <span className="sr-only">{title}</span>
    </td>
  )
}

/** A loss of this share and more is as deep as colour goes. */
const DEEPEST_LOSS = 0.2
const PALEST = 18

function colourOf(cell: WeekHour, measure: WeekMeasure, span: WeekCellProps['span']): string {
  const { sent, lost, avgMs } = cell
  if (lost === sent) return 'var(--dark)'
  if (measure === 'loss') {
    if (lost === 0) return tone('--answering', PALEST)
    // By its root, so that a loss of one in a thousand is seen.
    return tone('--lossy', PALEST + (100 - PALEST) * share(Math.sqrt(lost / sent / DEEPEST_LOSS)))
  }
  const width = (span?.high ?? 0) - (span?.low ?? 0)
  const place = width > 0 ? ((avgMs ?? 0) - (span?.low ?? 0)) / width : 0
  return tone('--answering', PALEST + (100 - PALEST) * share(place))
}

function tone(token: string, percent: number): string {
  return `color-mix(in oklch, var(${token}) ${Math.round(percent)}%, var(--surface))`
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
