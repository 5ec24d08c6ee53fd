// Four weeks laid over each other: which hours of which weekdays lose, or are slow.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo, useState } from 'react'
import { roundTrip } from '../../../../_charts/figures.ts'
import { foldIntoWeek, spanOf, type WeekHour } from '../../../../_charts/week-hours.ts'
import { type ShownTarget, weeksQuery } from '../../../../_data/history.ts'
import { useOnScreen } from '../../../../_group/use-on-screen.ts'
import { Segments } from '../../../../_ui/segments.tsx'
import { WeekCell, type WeekMeasure } from './week-cell.tsx'

const MEASURES: WeekMeasure[] = ['loss', 'roundTrip']

export function WeekMap({ shown }: { shown: ShownTarget }) {
  const t = useTranslations('history')
  const [section, isOnScreen] = useOnScreen()
  const [measure, setMeasure] = useState<WeekMeasure>('loss')
  const { data } = useQuery({ ...weeksQuery(shown), enabled: isOnScreen })
  const week = useMemo(() => foldIntoWeek(data ?? []), [data])
  return (
    <section
      ref={section}
      aria-label={t('week')}
      aria-busy={data === undefined}
      className="rounded-8 border border-line bg-surface"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <h2 className="mr-auto text-13 font-semibold">{t('week')}</h2>
        <Segments
          label={t('weekMeasure')}
          options={MEASURES.map((value) => ({ value, label: t(`weekMeasures.${value}`) }))}
          chosen={measure}
          onChoose={(next) => setMeasure(next)}
        />
      </div>
      <WeekTable week={week} measure={measure} />
    </section>
  )
}

const MONDAY_MS = Date.parse('2024-01-01T12:00:00')
const DAY_MS = 86_400_000

function WeekTable({ week, measure }: { week: WeekHour[][]; measure: WeekMeasure }) {
  const t = useTranslations('history')
  const locale = useLocale()
  const span = spanOf(week)
  const dayName = new Intl.DateTimeFormat(locale, { weekday: 'short' })
  return (
    // What only screen readers see is cut here too, else it would widen the page.
    <div className="relative overflow-x-auto p-3">
      <table className="w-full min-w-140 table-fixed border-separate border-spacing-px text-12">
        <caption className="sr-only">{t('weekCaption')}</caption>
        <thead>
          <tr className="figures text-faint">
            <td className="w-10" />
            {week[0]?.map((_, hour) => (
              <th key={hourKey(hour)} scope="col" className="text-left font-normal">
                {hour % 3 === 0 ? hour : <span className="sr-only">{hour}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {week.map((hours, day) => {
            const name = dayName.format(MONDAY_MS + day * DAY_MS)
            return (
              <tr key={name}>
                <th scope="row" className="text-left font-normal text-muted">
                  {name}
                </th>
                {hours.map((cell, hour) => (
                  <WeekCell key={hourKey(hour)} cell={cell} measure={measure} span={span} />
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
      {measure === 'roundTrip' && span && (
        <p className="figures mt-2 text-12 text-faint">
          {t('weekSpan', { low: written(span.low), high: written(span.high) })}
        </p>
      )}
    </div>
  )
}

const hourKey = (hour: number) => `${hour}:00`

function written(ms: number): string {
  const { value, unit } = roundTrip(ms * 1000)
  return `${value} ${unit}`
}
