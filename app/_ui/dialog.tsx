// A dialog over the page; Radix keeps focus, Escape and the screen reader right.
'use client'
import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { iconButtonLook } from './button.tsx'
import { cx } from './class-names.ts'

type DialogProps = {
  title: string
  onClose(): void
  /** Keep the focus rules of the content instead of focusing the first control. */
  onOpenAutoFocus?: (event: Event) => void
  children: ReactNode
}

/** Open for as long as it is rendered. */
export function Dialog({ title, onClose, onOpenAutoFocus, children }: DialogProps) {
  const t = useTranslations()
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-ground/70" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={onOpenAutoFocus}
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[80dvh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-4 overflow-y-auto rounded-8 border border-line-strong bg-surface p-5"
        >
          <div className="flex items-center justify-between">
            <Radix.Title className="text-16 font-semibold">{title}</Radix.Title>
            <Radix.Close aria-label={t('close')} className={cx(iconButtonLook, 'size-7')}>
              <X size={16} aria-hidden />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
