// The state of the live connection and the age of the newest result, always in sight.
'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useAge } from '../_charts/use-age.ts'
import { useBeat, useLiveStatus } from '../_data/live-hooks.ts'
import { type Live, useLive } from '../_data/live-provider.tsx'
import { cx } from '../_ui/class-names.ts'

export function ConnectionBadge() {
  const t = useTranslations('connection')
  const live = useLive()
  const { transport, isStale } = useLiveStatus()
  useBeat(1_000)
  const newestMs = live?.vitals.newestMs() ?? 0
  const age = useAge(ageOfNewest(live), 'narrow')
  const newest = newestMs > 0 ? t('newest', { age }) : t('noResult')
  const isGood = transport === 'websocket' && !isStale
  return (
    <Link
      href="/inspect"
      prefetch={false}
      data-transport={transport}
      aria-label={`${t('label')}: ${t(transport)}. ${newest}`}
      title={`${t(transport)}. ${newest}`}
      className="figures flex h-7 items-center gap-1.5 rounded-4 px-1.5 text-12 text-muted hover:bg-raised"
    >
      <span
        className={cx(
          'size-2 rounded-full',
          isGood
            ? 'bg-answering'
            : transport === 'offline' || isStale
              ? 'border-2 border-slow'
              : 'bg-slow',
        )}
      />
      <span className="max-sm:hidden">{t(`short.${transport}`)}</span>
      <span className="min-w-[4.5ch] text-right text-faint max-sm:hidden">
        {newestMs > 0 && age}
      </span>
    </Link>
  )
}

function ageOfNewest(live: Live | undefined): number {
  const newestMs = live?.vitals.newestMs() ?? 0
  return live && newestMs > 0 ? live.connection.clockMs() - newestMs : 0
}
