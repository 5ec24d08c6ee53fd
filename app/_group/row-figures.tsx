// The two numbers of a row: each watches its own target and nothing else.
'use client'
import { useTranslations } from 'next-intl'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import type { Standing } from '#lib/targets/health.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { lossPercent, NOTHING, roundTrip } from '../_charts/figures.ts'
import { useAge } from '../_charts/use-age.ts'
import { overdueAfterMs, windowMs, windowOf } from '../_data/card-vitals.ts'
import { useRing, useVital } from '../_data/live-hooks.ts'
import { useLive } from '../_data/live-provider.tsx'
import { evidenceOf } from '../_data/row-evidence.ts'
import { newestAt, newestUs } from '../_data/sample-ring.ts'
import { cx } from '../_ui/class-names.ts'

type FigureProps = { group: MyGroup; target: LiveTarget }

/** The last round trip; a loss in words; its age alone when it is no longer the present. */
export function LastFigure({ group, target, standing }: FigureProps & { standing: Standing }) {
  const t = useTranslations('row')
  const us = useRing(group.id, target.n, (ring) => ring && newestUs(ring))
  const ageMs = useOverdueMs({ group, target })
  const isOverdue = ageMs > 0 && standing === 'unmeasured'
  return (
    <span
      data-figure="last"
      data-stale={isOverdue}
      title={t('lastTitle')}
      className={cx(
        'figures truncate text-right',
        us === undefined || us < 0 || standing !== 'answering' ? 'text-muted' : 'text-text',
        standing === 'stopped' && 'text-faint',
      )}
    >
      {isOverdue ? <Overdue ageMs={ageMs} /> : <Last us={us} />}
    </span>
  )
}

function Last({ us }: { us: number | undefined }) {
  const t = useTranslations('row')
  if (us === undefined) return NOTHING
  if (us < 0) return <span className="text-12">{t(wordOf(us))}</span>
  const { value, unit } = roundTrip(us)
  return (
    <>
      {value} <span className="text-12 text-faint">{unit}</span>
    </>
  )
}

// Read with the card's vitals, which are looked at once a second; 0 while the result is fresh.
function useOverdueMs({ group, target }: FigureProps): number {
  const live = useLive()
  return useVital(group.id, () => {
    const ring = live?.samples.ring(group.id, target.n)
    const newestMs = ring && newestAt(ring)
    if (!live || newestMs === undefined) return 0
    const ageMs = live.connection.nowMs() - newestMs
    return ageMs > overdueAfterMs(group.parameters) ? Math.floor(ageMs / 1_000) * 1_000 : 0
  })
}

function Overdue({ ageMs }: { ageMs: number }) {
  const t = useTranslations('row')
  const age = useAge(ageMs, 'narrow')
  return (
    <span className="text-12" title={t('noResultFor', { age })}>
      {t('overdue', { age })}
    </span>
  )
}

/** Over the window of the strip, as the strip shows it; nothing where nothing was sent. */
export function LossFigure({ group, target }: FigureProps) {
  const t = useTranslations('row')
  const live = useLive()
  const loss = useVital(group.id, () => {
    if (!live?.samples.history(group.id)?.isTold()) return NOTHING
    const results = live.samples.results(group.id, target.n)
    const window = windowOf(group.parameters, live.connection.nowMs())
    const { sent, received } = evidenceOf(results, window)
    return lossPercent(sent - received, sent)
  })
  const age = useAge(windowMs(group.parameters))
  return (
    <span
      data-figure="loss"
      title={t('lossTitle', { window: age })}
      className={cx(
        'figures text-right @max-[24rem]:hidden',
        loss === NOTHING || loss === '0' ? 'text-faint' : 'text-text',
      )}
    >
      {loss === NOTHING ? loss : `${loss} %`}
    </span>
  )
}

function wordOf(us: number) {
  if (us === OUTCOME.unreachable) return 'unreachable'
  if (us === OUTCOME.ttlExceeded) return 'ttlExceeded'
  return us === OUTCOME.noSuchName ? 'noSuchName' : 'lost'
}
