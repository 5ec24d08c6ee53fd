// A button with a menu, whose machinery is loaded the first time it is wanted.
'use client'
import type { LucideIcon } from 'lucide-react'
import { type ReactNode, Suspense, useState } from 'react'
import { createPart } from './later.tsx'

export type MenuEntry =
  | { kind: 'action'; label: string; icon: LucideIcon; onSelect(): void }
  | { kind: 'link'; label: string; icon: LucideIcon; href: string }
  | {
      kind: 'choice'
      label: string
      value: string
      options: { value: string; label: string }[]
      onChoose(value: string): void
    }
  | { kind: 'line' }

export type MenuProps = {
  label: string
  entries: MenuEntry[]
  className: string
  children: ReactNode
}

const MenuList = createPart(() => import('./menu-list.tsx'), 'MenuList')

export function Menu(props: MenuProps) {
  const [isWanted, setIsWanted] = useState(false)
  const button = (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      className={props.className}
      onPointerEnter={MenuList.preload}
      onFocus={MenuList.preload}
      onClick={() => setIsWanted(true)}
    >
      {props.children}
    </button>
  )
  if (!isWanted) return button
  return (
    <Suspense fallback={button}>
      <MenuList.Part {...props} />
    </Suspense>
  )
}
