// An age in the reader's language and its natural unit.
'use client'
import { useLocale } from 'next-intl'
import { ageOf } from './figures.ts'

export function useAge(ms: number): string {
  const locale = useLocale()
  const { value, unit } = ageOf(ms)
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    minimumFractionDigits: unit === 'second' && value < 10 ? 1 : 0,
  }).format(value)
}
