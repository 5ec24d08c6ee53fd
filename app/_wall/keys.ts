// Which keystrokes are meant for the wall and not for a field.

/** In a field, in a dialog, or with a modifier that belongs to the browser. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true
  if (!(target instanceof HTMLElement)) return false
  return target.closest('input, textarea, select, [contenteditable], [role=dialog]') !== null
}
