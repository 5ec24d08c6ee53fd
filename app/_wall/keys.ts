// Which keystrokes are meant for the wall and not for a field.

// A slider takes no letters.
const FIELDS =
  'input:not([type=range]), textarea, select, [contenteditable], [role=dialog], [role=menu]'

/** In a field, in a dialog or menu, or with a modifier that belongs to the browser. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true
  if (!(target instanceof HTMLElement)) return false
  return target.closest(FIELDS) !== null
}
