// Where toasts appear, once there is one.
'use client'
import { Suspense, useSyncExternalStore } from 'react'
import { createPart } from './later.tsx'
import { toasts } from './toast.ts'

const ToastStack = createPart(() => import('./toast-stack.tsx'), 'ToastStack')

export function Toasts() {
  const isWanted = useSyncExternalStore(toasts.onFirst, toasts.wasUsed, () => false)
  return <Suspense>{isWanted && <ToastStack.Part />}</Suspense>
}
