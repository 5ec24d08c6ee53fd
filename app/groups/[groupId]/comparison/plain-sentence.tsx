// What changed, in one sentence, and how sure that is.
'use client'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import type { Comparison } from '#lib/comparison/contract.ts'
import { roundTrip } from '../../../_charts/figures.ts'

const HUNDREDTHS = { maximumFractionDigits: 2 }

export function PlainSentence({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('comparison')
  const format = useFormatter()
  const at = useWrittenTime(comparison.at ?? comparison.after.from)
  const { change, verdicts, counts, compared, floor_ms, targets } = comparison
  const named = verdicts.p95 === 'unchanged' ? 'p50' : 'p95'
  const lossBy = format.number(Math.abs(change.success_rate ?? 0) * 100, HUNDREDTHS)
  const others = targets.length - compared
  return (
    <div role="status" className="flex flex-col gap-1">
      <p data-sentence className="text-20 leading-7 text-balance">
        {compared === 0
          ? t('nothing')
          : t('sentence', {
              at,
              roundTrips: verdicts[named],
              name: named,
              by: written(Math.abs(change[`${named}_ms`] ?? 0)),
              loss: verdicts.loss,
              lossBy,
              worse: counts.worse,
              better: counts.better,
            })}
      </p>
      {compared > 0 && (
        <p className="text-13 text-muted">
          {t('sure', { compared, others, floor: floor_ms === null ? 'none' : written(floor_ms) })}
        </p>
      )}
    </div>
  )
}

function useWrittenTime(iso: string): string {
  const locale = useLocale()
  const style = { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(locale, style).format(Date.parse(iso))
}

function written(ms: number): string {
  const { value, unit } = roundTrip(ms * 1000)
  return `${value} ${unit}`
}
