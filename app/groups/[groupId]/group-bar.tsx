// Which group this is, how many of it answer now, and how live the page is.
'use client'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { MyGroup } from '#lib/groups/contract.ts'
import { NOTHING } from '../../_charts/figures.ts'
import { useVital } from '../../_data/live-hooks.ts'
import { iconButtonLook } from '../../_ui/button.tsx'
import { cx } from '../../_ui/class-names.ts'
import { StandingGlyph } from '../../_ui/standing-glyph.tsx'
import { ConnectionBadge } from '../../_wall/connection-badge.tsx'

export function GroupBar({ group }: { group: MyGroup }) {
  const t = useTranslations()
  const back = t('history.back')
  const worst = useVital(group.id, (now) => now?.worst) ?? 'unmeasured'
  const answering = useVital(group.id, (now) => now?.answering)
  const running = useVital(group.id, (now) => now?.running)
  return (
    <header className="sticky top-0 z-30 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-ground px-3 py-1.5">
      <Link href="/" aria-label={back} title={back} className={cx(iconButtonLook, 'size-7')}>
        <ArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className="truncate text-14 font-semibold">{group.name}</h1>
      <span className="figures flex items-center gap-1.5 text-13 text-muted">
        <StandingGlyph standing={worst} />
        {answering ?? NOTHING}/{running ?? NOTHING} {t('group.answering')}
      </span>
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
