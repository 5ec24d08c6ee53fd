// The two windows laid over each other: before dashed, after solid.
'use client'
import 'uplot/dist/uPlot.min.css'
import { useLocale, useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import type { ComparedWindow, Comparison } from '#lib/comparison/contract.ts'
import { tokenOf } from '../../../_charts/chart-colours.ts'
import { createOverlayPlot, type OverlayPlot } from '../../../_charts/overlay-plot.ts'
import { writtenDuration } from '../../../_charts/use-age.ts'

export function OverlayChart({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('comparison')
  const locale = useLocale()
  const host = useRef<HTMLDivElement>(null)
  const [plot, setPlot] = useState<OverlayPlot>()
  const { before, after } = comparison
  useEffect(() => {
    if (!host.current) return
    const made = createOverlayPlot(host.current, (ms) => writtenDuration(locale, ms))
    setPlot(made)
    return () => made.close()
  }, [locale])
  useEffect(() => {
    plot?.show({ before, after })
  }, [plot, before, after])
  const isEmpty = before.blocks.length + after.blocks.length === 0
  return (
    <section
      aria-label={t('chart')}
      className="relative rounded-8 border border-line bg-surface p-2"
    >
      <div className="flex flex-wrap gap-x-5 gap-y-1 px-2 pb-1 text-13">
        <Legend name={t('before')} window={before} colour={tokenOf('compare1')} isDashed />
        <Legend name={t('after')} window={after} colour={tokenOf('answer')} />
        <span className="text-12 text-faint">{t('lines')}</span>
      </div>
      <div ref={host} className="w-full" />
      {isEmpty && (
        <p className="absolute inset-0 grid place-items-center text-13 text-faint">
          {t('nothing')}
        </p>
      )}
    </section>
  )
}

type LegendProps = { name: string; window: ComparedWindow; colour: string; isDashed?: boolean }

function Legend({ name, window, colour, isDashed = false }: LegendProps) {
  const locale = useLocale()
  const writer = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  })
  return (
    <span className="flex items-center gap-1.5">
      <span
        className="w-5 border-t-2"
        style={{ borderColor: colour, borderStyle: isDashed ? 'dashed' : 'solid' }}
      />
      {name}
      <span className="figures text-12 text-muted">
        {writer.formatRange(Date.parse(window.from), Date.parse(window.to))}
      </span>
    </span>
  )
}
