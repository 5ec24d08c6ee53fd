// The person's own menu: looks, language, keys, accounts, signing out.
'use client'
import { Activity, CircleUser, HardDrive, Keyboard, LogOut, Users } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useTheme } from 'next-themes'
import { Suspense, useEffect, useState } from 'react'
import { LOCALE_COOKIE } from '#lib/language/locale.ts'
import { signOut } from '../_data/accounts.ts'
import { useIsPast } from '../_data/live-hooks.ts'
import { useAct } from '../_data/use-act.ts'
import { type Density, toDensity } from '../_group/card-size.ts'
import { askForList } from '../_group/list-request.ts'
import { iconButtonLook } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { rememberChoice } from '../_ui/cookie.ts'
import { createPart } from '../_ui/later.tsx'
import { Menu, type MenuEntry } from '../_ui/menu.tsx'
import { isTyping } from './keys.ts'
import type { Me } from './wall-bar.tsx'

const KeysDialog = createPart(() => import('./keys-dialog.tsx'), 'KeysDialog')

type PersonMenuProps = { me: Me; density: Density; onDensity(next: Density): void }

export function PersonMenu({ me, density, onDensity }: PersonMenuProps) {
  const t = useTranslations('wall')
  const [showsKeys, setShowsKeys] = useState(false)
  const looks = useLooks(density, onDensity)
  const act = useAct()
  useWallKeys(() => setShowsKeys(true), useIsPast())

  async function leave(): Promise<void> {
    if (await act(t('signOut'), signOut)) location.assign('/sign-in')
  }

  const entries: MenuEntry[] = [
    ...looks,
    { kind: 'line' },
    { kind: 'action', label: t('keys'), icon: Keyboard, onSelect: () => setShowsKeys(true) },
  ]
  entries.push({ kind: 'link', label: t('inspect'), icon: Activity, href: '/inspect' })
  if (me.isAdmin) {
    entries.push({ kind: 'link', label: t('accounts'), icon: Users, href: '/admin' })
    entries.push({ kind: 'link', label: t('storage'), icon: HardDrive, href: '/admin/storage' })
  }
  entries.push({
    kind: 'action',
    label: t('signOut'),
    icon: LogOut,
    onSelect: () => void leave(),
  })
  return (
    <>
      <Menu
        label={`${t('person')}: ${me.name}`}
        entries={entries}
        className={cx(iconButtonLook, 'size-7')}
      >
        <CircleUser size={18} aria-hidden />
      </Menu>
      <Suspense>{showsKeys && <KeysDialog.Part onClose={() => setShowsKeys(false)} />}</Suspense>
    </>
  )
}

function useLooks(density: Density, onDensity: (next: Density) => void): MenuEntry[] {
  const t = useTranslations('wall')
  const { theme = 'dark', setTheme } = useTheme()
  const locale = useLocale()
  const router = useRouter()
  const choose = (next: string) => {
    rememberChoice(LOCALE_COOKIE, next)
    router.refresh()
  }
  const named = (...words: ('dense' | 'regular' | 'airy' | 'dark' | 'light' | 'system')[]) =>
    words.map((value) => ({ value, label: t(value) }))
  return [
    {
      kind: 'choice',
      label: t('density'),
      value: density,
      options: named('dense', 'regular', 'airy'),
      onChoose: (next) => onDensity(toDensity(next)),
    },
    {
      kind: 'choice',
      label: t('theme'),
      value: theme,
      options: named('dark', 'light', 'system'),
      onChoose: setTheme,
    },
    {
      kind: 'choice',
      label: t('language'),
      value: locale,
      options: [
        { value: 'en', label: 'English' },
        { value: 'zh-CN', label: '简体中文' },
      ],
      onChoose: choose,
    },
  ]
}

function useWallKeys(showKeys: () => void, isPast: boolean): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (isTyping(event)) return
      if (event.key === '?') showKeys()
      if (event.key === 'n' && !isPast) {
        event.preventDefault()
        askForList({ text: '', groupId: undefined })
      }
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [showKeys, isPast])
}
