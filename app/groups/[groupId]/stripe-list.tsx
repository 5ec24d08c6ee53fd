// The outages of many in the window, the newest first: when, and how many were dark at once.
'use client'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { type DarkCount, type MatrixCells, stripesOf } from '../../_charts/matrix-cells.ts'
import { type Windowed, windowBetween } from '../../_charts/time-window.ts'
import { StandingGlyph } from '../../_ui/standing-glyph.tsx'

/** More are seen in the matrix, and in a narrower window. */
const MOST = 6
/** Around one that is looked at, in parts of its length, and at least. */
const MARGIN = 1
const LEAST_MARGIN_MS = 30_000
const DAY_MS = 86_400_000

type StripeListProps = Windowed & { cells: MatrixCells; counts: readonly DarkCount[] }

export function StripeList({ cells, counts, window, nowMs, onWindow }: StripeListProps) {
  const t = useTranslations('history')
  const locale = useLocale()
  const stripes = useMemo(() => stripesOf(cells, counts).reverse(), [cells, counts])
  const writer = new Intl.DateTimeFormat(locale, {
    ...(window.spanMs > DAY_MS && { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(window.spanMs < DAY_MS / 4 && { second: '2-digit' }),
    hourCycle: 'h23',
  })
  return (
    <ul aria-label={t('stripes')} className="mr-auto flex flex-wrap gap-x-4 gap-y-0.5">
      {stripes.slice(0, MOST).map(({ fromMs, untilMs, dark, measured }) => {
        const marginMs = Math.max(LEAST_MARGIN_MS, MARGIN * (untilMs - fromMs))
        return (
          <li key={fromMs} data-stripe={dark}>
            <button
              type="button"
              title={t('lookAtStripe')}
              onClick={() => onWindow(windowBetween(fromMs - marginMs, untilMs + marginMs, nowMs))}
              className="figures flex items-center gap-1.5 rounded-4 text-13 hover:text-accent"
            >
              <StandingGlyph standing="dark" />
              <span>{writer.formatRange(fromMs, untilMs)}</span>
              <span className="text-muted">{t('darkOf', { dark, measured })}</span>
            </button>
          </li>
        )
      })}
      {stripes.length > MOST && (
        <li className="text-13 text-faint">{t('moreStripes', { count: stripes.length - MOST })}</li>
      )}
    </ul>
  )
}
