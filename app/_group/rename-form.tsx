// Renames a group in its place: Enter keeps, Escape or leaving empty forgets.
'use client'
import { useTranslations } from 'next-intl'
import { type FormEvent, useEffect, useRef } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import { LENGTHS } from '#lib/vocabulary.ts'
import { useRenameGroup } from '../_data/groups.ts'
import { useAct } from '../_data/use-act.ts'

export function RenameForm({ group, onDone }: { group: MyGroup; onDone(): void }) {
  const t = useTranslations('group')
  const act = useAct()
  const rename = useRenameGroup(group.id)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.select(), [])

  function keep(event?: FormEvent): void {
    event?.preventDefault()
    const name = input.current?.value.trim() ?? ''
    onDone()
    if (name !== '' && name !== group.name) {
      void act(t('rename'), () => rename.mutateAsync(name))
    }
  }

  return (
    <form onSubmit={keep} className="min-w-0 flex-1">
      <input
        ref={input}
        aria-label={t('renameTo', { name: group.name })}
        defaultValue={group.name}
        maxLength={LENGTHS.groupName}
        onBlur={() => keep()}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
        className="-ml-1.5 w-full rounded-4 bg-ground px-1.5 py-0.5 text-14 font-semibold"
      />
    </form>
  )
}
