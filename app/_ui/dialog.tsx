// A dialog over the page; Radix keeps focus, Escape and the screen reader right.
'use client'
import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { iconButtonLook } from './button.tsx'
import { cx } from './class-names.ts'

type DialogProps = {
  title: string
  onClose(): void
  /** Keep the focus rules of the content instead of focusing the first control. */
  onOpenAutoFocus?: (event: Event) => void
  /** For a table: as wide as the window lets it. */
  isWide?: boolean
  children: ReactNode
}

/** Open for as long as it is rendered; then the focus goes back to where it came from. */
export function Dialog({ title, onClose, onOpenAutoFocus, isWide, children }: DialogProps) {
  const t = useTranslations()
  const [opener] = useState(() => document.activeElement)
  // Radix would give it to a trigger of its own, which these dialogs have not.
  const giveBackFocus = () => opener instanceof HTMLElement && opener.focus()
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-ground/70" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={onOpenAutoFocus}
          onCloseAutoFocus={giveBackFocus}
          className={cx(
            'fixed left-1/2 z-50 flex -translate-x-1/2 flex-col gap-4 overflow-y-auto rounded-8 border border-line-strong bg-surface p-5',
            isWide
              ? 'top-[6dvh] max-h-[88dvh] w-[min(76rem,calc(100vw-2rem))]'
              : 'top-[12dvh] max-h-[80dvh] w-[min(36rem,calc(100vw-2rem))]',
          )}
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
