// An age in the reader's language and its natural unit.
'use client'
import { useLocale } from 'next-intl'
import { type AgeUnit, ageOf, durationOf } from './figures.ts'

/** `narrow` is for places where it changes beside other figures: `0.7s`. */
export function useAge(ms: number, display: 'short' | 'narrow' = 'short'): string {
  const locale = useLocale()
  return written(locale, ageOf(ms), { display, isTenths: true })
}

export function useDuration(ms: number): string {
  return writtenDuration(useLocale(), ms)
}

/** A length of time, such as `1m 2s`: of two units, so that 61 s and 119 s are not the same. */
export function writtenDuration(locale: string, ms: number): string {
  const parts = durationOf(ms)
  const style = { display: 'narrow', isTenths: parts.length === 1 } as const
  return parts.map((part) => written(locale, part, style)).join(' ')
}

type Part = { value: number; unit: AgeUnit }
type Style = { display: 'short' | 'narrow'; isTenths: boolean }

function written(locale: string, { value, unit }: Part, { display, isTenths }: Style): string {
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: display,
    minimumFractionDigits: isTenths && unit === 'second' && value < 10 ? 1 : 0,
  }).format(value)
}
