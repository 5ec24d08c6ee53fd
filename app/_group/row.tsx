// One address: how it stands, its name, its strip, its last round trip and its loss.
'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { memo } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { Strip } from '../_charts/strip.tsx'
import { useIsPast, useVital } from '../_data/live-hooks.ts'
import { cx } from '../_ui/class-names.ts'
import { StandingGlyph } from '../_ui/standing-glyph.tsx'
import { RowActions } from './row-actions.tsx'
import { LastFigure, LossFigure } from './row-figures.tsx'

type RowProps = { group: MyGroup; target: LiveTarget; place: { start: number; height: number } }

export const Row = memo(function Row({ group, target, place }: RowProps) {
  const t = useTranslations('row')
  const standing = useVital(group.id, (now) => now?.standings.get(target.id)) ?? 'unmeasured'
  const mayEdit = !useIsPast() && group.role !== 'viewer'
  const isQuiet = standing === 'unmeasured' || standing === 'stopped' || standing === 'parked'
  return (
    <li
      data-target-host={target.host}
      data-standing={standing}
      style={{ top: place.start, height: place.height }}
      className={cx(
        'group/row absolute inset-x-0 grid grid-rows-[minmax(0,1fr)] items-center gap-x-2 pr-4 pl-5 text-13 hover:bg-raised/60 focus-within:bg-raised/60',
        'grid-cols-[12px_minmax(0,1fr)_120px_72px_52px] @xl:grid-cols-[12px_minmax(0,1fr)_240px_72px_52px] @4xl:grid-cols-[12px_minmax(0,1fr)_480px_72px_52px]',
        '@max-[24rem]:grid-cols-[12px_minmax(0,1fr)_120px_72px]',
      )}
    >
      <span key={standing} className="flex rounded-full motion-safe:animate-glow">
        <StandingGlyph standing={standing} />
      </span>
      <span className="relative flex min-w-0 items-center">
        <Link
          href={`/groups/${group.id}/targets/${target.id}`}
          prefetch={false}
          className={cx('truncate rounded-4', isQuiet && 'text-muted')}
          title={nameOf(target)}
        >
          {target.label && <span className="mr-1.5">{target.label}</span>}
          <span className={cx('font-mono text-12', target.label && 'text-faint')}>
            {target.host}
          </span>
        </Link>
        {mayEdit && <RowActions groupId={group.id} target={target} />}
      </span>
      <span className="h-[calc(100%-6px)] min-w-0">
        <Strip
          groupId={group.id}
          target={target}
          parameters={group.parameters}
          isDark={standing === 'dark'}
          label={t('strip', { host: target.host })}
        />
      </span>
      <LastFigure group={group} target={target} standing={standing} />
      <LossFigure group={group} target={target} />
    </li>
  )
})

const nameOf = ({ label, host }: LiveTarget) => (label ? `${label} ${host}` : host)
