// Short news at the edge of the page, with an undo where there is one.
import { createNotice } from './notice.ts'

export type Toast = {
  text: string
  undo?: { label: string; run(): void }
  isFault?: boolean
}

/** The stack that `Toasts` shows; the first toast makes it appear. */
export const toasts = createNotice<Toast>()

export function showToast(toast: Toast): void {
  toasts.give(toast)
}
