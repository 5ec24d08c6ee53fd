// The slider over a span of time, with what was dark in it marked above.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { memo } from 'react'
import { timeTicks } from '../_charts/time-ticks.ts'
import { marksQuery } from '../_data/past.ts'
import { marksOf, type SliderWindow, ticksOf } from './slider-window.ts'
import { useMomentText } from './use-moment-text.ts'

type TimeSliderProps = { window: SliderWindow; atMs: number; onGo(ms: number): void }

const STEP_MS = 1_000

export function TimeSlider({ window, atMs, onGo }: TimeSliderProps) {
  const t = useTranslations('past')
  const text = useMomentText()
  return (
    <div className="relative">
      <Marks window={window} />
      <input
        type="range"
        aria-label={t('slider')}
        aria-valuetext={text(atMs)}
        min={window.fromMs}
        max={window.toMs}
        step={STEP_MS}
        value={Math.min(window.toMs, Math.max(window.fromMs, atMs))}
        onChange={(event) => onGo(Number(event.target.value))}
        className="time-slider relative block h-6 w-full text-answering in-data-[past=true]:text-past"
      />
      <Ticks window={window} />
    </div>
  )
}

const Marks = memo(function Marks({ window }: { window: SliderWindow }) {
  const { data: outages = [] } = useQuery(marksQuery(window))
  return (
    <div aria-hidden data-marks={outages.length} className="absolute inset-x-2 top-0 h-2">
      {marksOf(outages, window).map(({ start, end }) => (
        <span
          key={start}
          style={{ left: `${start * 100}%`, width: `${(end - start) * 100}%` }}
          className="absolute inset-y-0 min-w-0.5 bg-dark"
        />
      ))}
    </div>
  )
})

const Ticks = memo(function Ticks({ window }: { window: SliderWindow }) {
  const locale = useLocale()
  const { stepMs, ticks } = ticksOf(window)
  const times = timeTicks(
    ticks.map(({ ms }) => ms),
    stepMs,
    locale,
  )
  return (
    <div aria-hidden className="figures relative mx-2 h-4 text-12 text-faint">
      {ticks.map(({ ms, place }, i) => (
        <span
          key={ms}
          style={{ left: `${place * 100}%` }}
          className="absolute -translate-x-1/2 whitespace-nowrap max-sm:nth-[even]:hidden"
        >
          {times[i]}
        </span>
      ))}
    </div>
  )
})
