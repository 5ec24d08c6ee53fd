// An age in the reader's language and its natural unit.
'use client'
import { useLocale } from 'next-intl'
import { ageOf } from './figures.ts'

/** `narrow` is for places where it changes beside other figures: `0.7s`. */
export function useAge(ms: number, display: 'short' | 'narrow' = 'short'): string {
  const locale = useLocale()
  const { value, unit } = ageOf(ms)
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: display,
    minimumFractionDigits: unit === 'second' && value < 10 ? 1 : 0,
  }).format(value)
}
