// A pasted list becomes a new group, or more addresses of one: shown before anything is added.
'use client'
import { useTranslations } from 'next-intl'
import {
  type FormEvent,
  type KeyboardEvent,
  useDeferredValue,
  useId,
  useMemo,
  useState,
} from 'react'
import { v7 as uuid } from 'uuid'
import type { Skipped } from '#lib/targets/contract.ts'
import { parseList } from '#lib/targets/list.ts'
import { LENGTHS } from '#lib/vocabulary.ts'
import { useCreateGroup } from '../_data/groups.ts'
import { useAddTargets } from '../_data/targets.ts'
import { useFaultText } from '../_data/use-act.ts'
import { Button } from '../_ui/button.tsx'
import { Field, FormFault, inputLook } from '../_ui/field.tsx'
import { showToast } from '../_ui/toast.ts'
import { ListPreview } from './list-preview.tsx'

/** The server takes bodies up to 1 MiB; JSON needs some room of it. */
export const LONGEST_LIST = 1_000_000

type ListFormProps = {
  text: string
  group: { id: string; name: string } | undefined
  onDone(): void
  onCancel?: () => void
}

export function ListForm({ text: given, group, onDone, onCancel }: ListFormProps) {
  const t = useTranslations()
  const [text, setText] = useState(given)
  const [name, setName] = useState(() => t('paste.defaultName', { time: timeNow() }))
  const [id] = useState(() => uuid())
  const textId = useId()
  const settled = useDeferredValue(text)
  const list = useMemo(() => parseList(settled.slice(0, LONGEST_LIST)), [settled])
  const create = useCreateGroup()
  const add = useAddTargets(group?.id ?? id)
  const faultText = useFaultText()
  const isTooLong = text.length > LONGEST_LIST
  const isBusy = create.isPending || add.isPending
  const count = list.targets.length
  const fault = create.error ?? add.error
  const mayGo = !isTooLong && !isBusy && (group ? count > 0 : name.trim() !== '')

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!mayGo) return
    try {
      tell(await (group ? add.mutateAsync(text) : create.mutateAsync(newGroup())))
      onDone()
    } catch {
      // The mutation keeps the error, which stands above the button; the list stays as it was.
    }
  }

  function newGroup() {
    return { id, name: name.trim(), ...(text.trim() !== '' && { hosts: text }) }
  }

  function tell({ added, skipped }: { added: unknown[]; skipped: Skipped[] }): void {
    if (skipped.length === 0 && added.length === 0) return
    const facts = { added: added.length, skipped: skipped.length, which: firstOf(skipped) }
    showToast({
      text: skipped.length
        ? t('group.addedSkipped', facts)
        : t('group.added', { count: added.length }),
    })
  }

  function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.currentTarget.form?.requestSubmit()
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {!group && (
        <Field
          label={t('field.groupName')}
          value={name}
          maxLength={LENGTHS.groupName}
          onChange={(event) => setName(event.target.value)}
          data-autofocus={given !== ''}
        />
      )}
      <div className="flex flex-col gap-1">
        <label htmlFor={textId} className="text-13 text-muted">
          {t('field.addresses')}
        </label>
        <textarea
          id={textId}
          value={text}
          rows={7}
          spellCheck={false}
          autoCapitalize="off"
          placeholder={t('paste.placeholder')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={submitOnEnter}
          data-autofocus={given === '' || group !== undefined}
          className={`${inputLook} resize-y py-2 font-mono text-13`}
        />
        <p className="text-12 text-faint">{t('paste.intro')}</p>
      </div>
      <ListPreview targets={list.targets} skipped={list.skipped} />
      <FormFault>{isTooLong ? t('paste.tooLong') : fault ? faultText(fault) : undefined}</FormFault>
      <div className="flex justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>{t('paste.cancel')}</Button>}
        <Button look="primary" type="submit" disabled={!mayGo}>
          {isBusy ? t('paste.busy') : t(group ? 'group.addSubmit' : 'paste.submitCount', { count })}
        </Button>
      </div>
    </form>
  )
}

function timeNow(): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format()
}

const NAMED = 2

function firstOf(skipped: Skipped[]): string {
  const names = skipped.slice(0, NAMED).map(({ input }) => input)
  return skipped.length > NAMED ? `${names.join(', ')}, …` : names.join(', ')
}
