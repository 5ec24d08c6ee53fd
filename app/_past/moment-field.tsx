// The calendar: a date and a time of the reader's own zone, typed or picked.
'use client'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { localTimeOf } from '../_ui/local-time.ts'

type MomentFieldProps = {
  atMs: number
  earliestMs: number
  latestMs: number
  onGo(ms: number): void
}

export function MomentField({ atMs, earliestMs, latestMs, onGo }: MomentFieldProps) {
  const t = useTranslations('past')
  const input = useRef<HTMLInputElement>(null)
  const shown = localTimeOf(atMs)
  // What is being typed is not overtaken by the clock.
  useEffect(() => {
    const field = input.current
    if (field && field !== document.activeElement) field.value = shown
  }, [shown])
  return (
    <input
      ref={input}
      type="datetime-local"
      aria-label={t('moment')}
      title={t('moment')}
      step={1}
      min={localTimeOf(earliestMs)}
      max={localTimeOf(latestMs)}
      defaultValue={shown}
      onChange={(event) => {
        const ms = new Date(event.target.value).getTime()
        if (!Number.isNaN(ms)) onGo(ms)
      }}
      className="figures h-7 w-52 rounded-8 border border-line-strong bg-ground px-2 text-13"
    />
  )
}
