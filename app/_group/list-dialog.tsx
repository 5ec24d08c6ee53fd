// The dialog around the list form: for a new group, or for more addresses of one.
'use client'
import { useTranslations } from 'next-intl'
import { Dialog } from '../_ui/dialog.tsx'
import { ListForm } from './list-form.tsx'
import type { ListGroup } from './use-list-form.ts'

type ListDialogProps = { text: string; group: ListGroup; onClose(): void }

export function ListDialog({ text, group, onClose }: ListDialogProps) {
  const t = useTranslations()
  const title = group ? t('group.addTo', { name: group.name }) : t('wall.newGroup')
  return (
    <Dialog title={title} onClose={onClose} onOpenAutoFocus={focusMarked}>
      <ListForm text={text} group={group} onDone={onClose} onCancel={onClose} />
    </Dialog>
  )
}

// The form knows what comes first, so that Enter follows a paste: the name of a new group, the
// button that adds to one, or the list where nothing was pasted yet.
function focusMarked(event: Event): void {
  if (!(event.target instanceof HTMLElement)) return
  const first = event.target.querySelector<HTMLElement>('[data-autofocus=true]')
  if (!first) return
  event.preventDefault()
  first.focus()
  if (first instanceof HTMLInputElement) first.select()
}
