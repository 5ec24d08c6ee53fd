// The state of a list form: what was typed, what it means, and sending it.
'use client'
import { useTranslations } from 'next-intl'
import { type FormEvent, useDeferredValue, useMemo, useState } from 'react'
import { v7 as uuid } from 'uuid'
import type { Skipped } from '#lib/targets/contract.ts'
import { parseList } from '#lib/targets/list.ts'
import { useCreateGroup } from '../_data/groups.ts'
import { useAddTargets } from '../_data/targets.ts'
import { showToast } from '../_ui/toast.ts'

/** The server takes bodies up to 1 MiB; JSON needs some room of it. */
const LONGEST_LIST = 1_000_000

/** The group that addresses are added to; undefined for a new one. */
export type ListGroup = { id: string; name: string } | undefined

export function useListForm(given: string, group: ListGroup, onDone: () => void) {
  const t = useTranslations()
  const [text, setText] = useState(given)
  const [name, setName] = useState(() => t('paste.defaultName', { time: timeNow() }))
  // The same id with every attempt: sending it again makes no second group.
  const [id] = useState(() => uuid())
  const settled = useDeferredValue(text)
  const list = useMemo(() => parseList(settled.slice(0, LONGEST_LIST)), [settled])
  const create = useCreateGroup()
  const add = useAddTargets(group?.id ?? id)
  const tell = useListToast()
  const isTooLong = text.length > LONGEST_LIST || list.isTooLong
  const isBusy = create.isPending || add.isPending
  const isComplete = group ? list.targets.length > 0 : name.trim() !== ''
  const mayGo = !isTooLong && !isBusy && isComplete

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!mayGo) return
    try {
      const newGroup = { id, name: name.trim(), ...(text.trim() !== '' && { hosts: text }) }
      tell(await (group ? add.mutateAsync(text) : create.mutateAsync(newGroup)))
      onDone()
    } catch {
      // The mutation keeps the error, which stands above the button; the list stays as it was.
    }
  }

  const fault = create.error ?? add.error
  return { text, setText, name, setName, list, isTooLong, isBusy, mayGo, fault, submit }
}

/** Says what was added, and what was skipped by name. */
function useListToast() {
  const t = useTranslations('group')
  return ({ added, skipped }: { added: unknown[]; skipped: Skipped[] }) => {
    const count = added.length
    if (skipped.length > 0) {
      const facts = { added: count, skipped: skipped.length, which: firstOf(skipped) }
      showToast({ text: t('addedSkipped', facts) })
    } else if (count > 0) showToast({ text: t('added', { count }) })
  }
}

function timeNow(): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format()
}

const NAMED = 2

function firstOf(skipped: Skipped[]): string {
  const names = skipped.slice(0, NAMED).map(({ input }) => input)
  return skipped.length > NAMED ? `${names.join(', ')}, …` : names.join(', ')
}
