// Above a target's history: the way back, which address it is, how it stands now.
'use client'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { type TimeWindow, withWindow } from '../../../../_charts/time-window.ts'
import { useVital } from '../../../../_data/live-hooks.ts'
import { iconButtonLook } from '../../../../_ui/button.tsx'
import { cx } from '../../../../_ui/class-names.ts'
import { StandingGlyph } from '../../../../_ui/standing-glyph.tsx'
import { ConnectionBadge } from '../../../../_wall/connection-badge.tsx'

type TargetBarProps = { group: MyGroup; target: LiveTarget; window: TimeWindow }

export function TargetBar({ group, target, window }: TargetBarProps) {
  const t = useTranslations()
  const standing = useVital(group.id, (now) => now?.standings.get(target.id)) ?? 'unmeasured'
  const back = t('history.back')
  return (
    <header className="sticky top-0 z-30 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-ground px-3 py-1.5">
      <Link href="/" aria-label={back} title={back} className={cx(iconButtonLook, 'size-7')}>
        <ArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className="flex min-w-0 items-baseline gap-2 text-14">
        {target.label && <span className="truncate font-semibold">{target.label}</span>}
        <span
          className={cx(
            'truncate font-mono',
            target.label ? 'text-12 text-faint' : 'font-semibold',
          )}
        >
          {target.host}
        </span>
      </h1>
      <span data-standing={standing} className="flex items-center gap-1.5 text-13 text-muted">
        <StandingGlyph standing={standing} />
        {t(`standing.${standing}`)}
      </span>
      <Link
        href={withWindow(`/groups/${group.id}`, window)}
        prefetch={false}
        className="truncate rounded-4 text-13 text-muted underline decoration-line-strong underline-offset-4 hover:text-text"
      >
        {group.name}
      </Link>
      <div className="ml-auto flex items-center gap-3">
        <Link
          href={`/groups/${group.id}/comparison`}
          className="rounded-4 text-13 text-muted hover:text-accent"
        >
          {t('comparison.title')}
        </Link>
        <ConnectionBadge />
      </div>
    </header>
  )
}
