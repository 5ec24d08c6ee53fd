// Writes a moment to the second, with its zone, in the reader's language.
'use client'
import { useLocale } from 'next-intl'
import { useMemo } from 'react'

export function useMomentText(): (ms: number) => string {
  const locale = useLocale()
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, {
      weekday: 'short',
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    })
    return (ms) => format.format(ms)
  }, [locale])
}
