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

// The form knows which of its fields comes first: the name under a pasted list, else the list.
function focusMarked(event: Event): void {
  if (!(event.target instanceof HTMLElement)) return
  const field = event.target.querySelector('[data-autofocus=true]')
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return
  event.preventDefault()
  field.focus()
  field.select()
}
