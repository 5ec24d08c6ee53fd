// What a card says from four metres away: its name, how many answer, the share of answers.
'use client'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import { NOTHING, successPercent } from '../_charts/figures.ts'
import { useAge } from '../_charts/use-age.ts'
import { windowMs } from '../_data/card-vitals.ts'
import { useVital } from '../_data/live-hooks.ts'
import { cx } from '../_ui/class-names.ts'
import { CardActions } from './card-actions.tsx'
import { HEADLINE_PX } from './card-size.ts'
import { askForRate } from './rate-request.ts'
import { RenameForm } from './rename-form.tsx'

export function CardHeadline({ group }: { group: MyGroup }) {
  const t = useTranslations('group')
  const [isRenaming, setIsRenaming] = useState(false)
  return (
    <header style={{ height: HEADLINE_PX }} className="flex flex-col gap-1 pt-2.5 pr-3 pl-5">
      <div className="flex h-7 items-center gap-2">
        {isRenaming ? (
          <RenameForm group={group} onDone={() => setIsRenaming(false)} />
        ) : (
          <h2 className="min-w-0 flex-1 truncate text-14 font-semibold" title={group.name}>
            <Link
              href={`/groups/${group.id}`}
              prefetch={false}
              className="rounded-4 hover:text-accent"
            >
              {group.name}
            </Link>
            {group.role !== 'owner' && (
              <span className="ml-2 text-12 font-normal text-faint">
                {t('sharedBy', { name: group.owner.name })}
              </span>
            )}
          </h2>
        )}
        <CardActions group={group} onRename={() => setIsRenaming(true)} />
      </div>
      <div className="flex items-baseline gap-2 whitespace-nowrap">
        <AnsweringFigure groupId={group.id} />
        <span className="text-13 text-muted">{t('answering')}</span>
        <SuccessFigure group={group} />
      </div>
    </header>
  )
}

function AnsweringFigure({ groupId }: { groupId: string }) {
  const t = useTranslations('group')
  const running = useVital(groupId, (vitals) => vitals?.running)
  const answering = useVital(groupId, (vitals) => vitals?.answering) ?? 0
  if (running === undefined) return <span className="figures text-28 text-faint">{NOTHING}</span>
  return (
    <span
      data-figure="answering"
      title={t('answeringOf', { answering, running })}
      className="figures text-28 leading-9 font-medium"
    >
      {answering}
      <span className="text-faint">/{running}</span>
    </span>
  )
}

function SuccessFigure({ group }: { group: MyGroup }) {
  const t = useTranslations('group')
  const sent = useVital(group.id, (vitals) => vitals?.sent) ?? 0
  const received = useVital(group.id, (vitals) => vitals?.received) ?? 0
  const percent = successPercent(received, sent)
  const age = useAge(windowMs(group.parameters))
  return (
    <button
      type="button"
      data-figure="success"
      title={t('successTitle', { window: age, received, sent })}
      onClick={() => askForRate(group.id)}
      className="figures -mr-1 ml-auto rounded-4 px-2 text-16 hover:bg-raised"
    >
      <span className={cx(percent === '100' && 'text-muted')}>
        {percent === NOTHING ? percent : `${percent} %`}
      </span>{' '}
      <span className="text-12 text-faint">{t('success')}</span>
    </button>
  )
}
