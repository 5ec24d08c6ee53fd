// Says that nothing on the wall is the present any more, and how old it is.
'use client'
import { useTranslations } from 'next-intl'
import { useAge } from '../_charts/use-age.ts'
import { useBeat, useLiveStatus } from '../_data/live-hooks.ts'
import { useLive } from '../_data/live-provider.tsx'

export function StaleBanner() {
  const { isStale } = useLiveStatus()
  return <div role="status">{isStale && <StaleNotice />}</div>
}

function StaleNotice() {
  const t = useTranslations('connection')
  const live = useLive()
  useBeat(1_000)
  const age = useAge(live?.connection.ageMs() ?? 0)
  return (
    <p className="figures fixed inset-x-0 bottom-0 z-30 border-t border-line-strong bg-raised px-4 py-2 text-center text-14 font-medium">
      {t('stale', { age })}
    </p>
  )
}
