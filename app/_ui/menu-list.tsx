// The opened menu; Radix gives it keys, focus and roles.
'use client'
import { Check } from 'lucide-react'
import Link from 'next/link'
import { DropdownMenu as Radix } from 'radix-ui'
import { cx } from './class-names.ts'
import type { MenuEntry, MenuProps } from './menu.tsx'

const itemLook =
  'flex h-8 items-center gap-2.5 rounded-4 px-2 text-13 text-text outline-none select-none data-[highlighted]:bg-raised'

export function MenuList({ label, entries, className, children }: MenuProps) {
  return (
    <Radix.Root defaultOpen modal={false}>
      <Radix.Trigger aria-label={label} title={label} className={className}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-48 rounded-8 border border-line-strong bg-surface p-1"
        >
          {entries.map((entry) => (
            <Entry key={keyOf(entry)} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const keyOf = (entry: MenuEntry) => (entry.kind === 'line' ? 'line' : entry.label)

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === 'line') return <Radix.Separator className="my-1 h-px bg-line" />
  if (entry.kind === 'choice') return <Choice {...entry} />
  const Icon = entry.icon
  const content = (
    <>
      <Icon size={15} aria-hidden className="text-muted" />
      {entry.label}
    </>
  )
  if (entry.kind === 'link') {
    return (
      <Radix.Item asChild className={itemLook}>
        <Link href={entry.href}>{content}</Link>
      </Radix.Item>
    )
  }
  return (
    <Radix.Item className={itemLook} onSelect={entry.onSelect}>
      {content}
    </Radix.Item>
  )
}

function Choice(choice: Extract<MenuEntry, { kind: 'choice' }>) {
  return (
    <Radix.RadioGroup value={choice.value} onValueChange={choice.onChoose}>
      <Radix.Label className="px-2 pt-2 pb-1 text-12 text-faint">{choice.label}</Radix.Label>
      {choice.options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          className={cx(itemLook, 'pl-8 relative')}
        >
          <Radix.ItemIndicator className="absolute left-2">
            <Check size={15} aria-hidden className="text-accent" />
          </Radix.ItemIndicator>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}
