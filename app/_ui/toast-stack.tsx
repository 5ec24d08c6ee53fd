// The stack of toasts, by sonner in our looks.
'use client'
import { useTheme } from 'next-themes'
import { useEffect } from 'react'
import { Toaster, toast } from 'sonner'
import { type Toast, toasts } from './toast.ts'

/** Long enough to read two names and reach for the undo. */
const SHOWN_MS = 10_000

export function ToastStack() {
  const { resolvedTheme } = useTheme()
  useEffect(() => toasts.take(show), [])
  return (
    <Toaster
      theme={resolvedTheme === 'light' ? 'light' : 'dark'}
      position="bottom-left"
      duration={SHOWN_MS}
      toastOptions={{
        style: {
          background: 'var(--raised)',
          color: 'var(--ink)',
          borderColor: 'var(--line-strong)',
          borderRadius: 8,
          fontFamily: 'inherit',
        },
        actionButtonStyle: { background: 'var(--accent)', color: 'var(--on-accent)' },
      }}
    />
  )
}

function show({ text, undo, isFault }: Toast): void {
  const action = undo && { label: undo.label, onClick: undo.run }
  if (isFault) toast.error(text, { action })
  else toast(text, { action })
}
