// Marked changes: when, what, by whom; a click compares before and after.
'use client'
import { X } from 'lucide-react'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { Mark } from '#lib/marks/contract.ts'
import { useRemoveMark, useRestoreMark } from '../_data/marks.ts'
import { useAct } from '../_data/use-act.ts'
import { IconButton } from '../_ui/button.tsx'
import { showToast } from '../_ui/toast.ts'
import { MarkForm } from './mark-form.tsx'

type MarkListProps = { group: Pick<MyGroup, 'id' | 'role'>; marks: readonly Mark[] }

export function MarkList({ group, marks }: MarkListProps) {
  const t = useTranslations('mark')
  const mayEdit = group.role !== 'viewer'
  return (
    <section aria-label={t('title')} className="rounded-8 border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-2">
        <h2 className="mr-auto text-13 font-semibold">{t('title')}</h2>
        {mayEdit && <MarkForm groupId={group.id} />}
      </div>
      {marks.length === 0 && <p className="px-3 py-2 text-13 text-faint">{t('none')}</p>}
      <ul className="max-h-64 divide-y divide-line overflow-y-auto">
        {marks.map((mark) => (
          <MarkRow key={mark.id} groupId={group.id} mark={mark} mayEdit={mayEdit} />
        ))}
      </ul>
    </section>
  )
}

type MarkRowProps = { groupId: string; mark: Mark; mayEdit: boolean }

function MarkRow({ groupId, mark, mayEdit }: MarkRowProps) {
  const t = useTranslations()
  const locale = useLocale()
  const act = useAct()
  const remove = useRemoveMark(groupId)
  const restore = useRestoreMark(groupId)
  const { id, at, text, made_by } = mark
  const style = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' } as const
  const asked = new URLSearchParams({ at })

  async function takeAway(): Promise<void> {
    const isGone = await act(t('mark.remove', { text }), () => remove.mutateAsync(id))
    if (!isGone) return
    const run = () => void act(t('undo'), () => restore.mutateAsync(id))
    showToast({ text: t('mark.removed', { text }), undo: { label: t('undo'), run } })
  }

  return (
    <li data-mark={id} className="flex items-center gap-x-3 px-3 py-1 text-13">
      <Link
        href={`/groups/${groupId}/comparison?${asked}`}
        title={t('mark.compare')}
        className="flex min-w-0 flex-wrap items-baseline gap-x-3 rounded-4 py-1 hover:text-accent"
      >
        <span className="figures text-muted">
          {new Intl.DateTimeFormat(locale, style).format(Date.parse(at))}
        </span>
        <span className="min-w-0 break-words">{text}</span>
      </Link>
      <span className="ml-auto truncate text-12 text-faint">{made_by.name}</span>
      {mayEdit && (
        <IconButton
          icon={X}
          size={14}
          label={t('mark.remove', { text })}
          onClick={() => void takeAway()}
        />
      )}
    </li>
  )
}
