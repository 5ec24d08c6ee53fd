// Hears lists that are pasted or dropped on the wall: on a card they are for its group.
import type { ListRequest } from '../_group/list-request.ts'

/** A file longer than this is no list of addresses; the form says so. */
const LONGEST_FILE = 2_000_000

/** Calls back with each list. Returns its undo. */
export function listenForLists(onList: (request: ListRequest) => void): () => void {
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('paste', paste, { signal })
  document.addEventListener('dragover', allowDrop, { signal })
  document.addEventListener('drop', (event) => void drop(event), { signal })
  return () => stop.abort()

  function paste(event: ClipboardEvent): void {
    if (isEditing(event.target)) return
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text.trim() === '') return
    event.preventDefault()
    onList({ text, groupId: pointedGroup() })
  }

  async function drop(event: DragEvent): Promise<void> {
    const file = event.dataTransfer?.files[0]
    if (!file) return
    event.preventDefault()
    const groupId = groupAround(event.target)
    onList({ text: await file.slice(0, LONGEST_FILE).text(), groupId })
  }
}

function allowDrop(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
}

function isEditing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.closest('input, textarea, [contenteditable], [role=dialog]') !== null
}

// The card under the pointer, or else the one that holds the focus.
function pointedGroup(): string | undefined {
  return (
    groupAround(document.querySelector('[data-group-id]:hover')) ??
    groupAround(document.activeElement)
  )
}

function groupAround(target: EventTarget | null): string | undefined {
  if (!(target instanceof Element)) return undefined
  const card = target.closest('[data-group-id]')
  return card?.getAttribute('data-group-id') ?? undefined
}
