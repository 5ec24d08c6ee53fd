// The one slim bar above the cards: name, search, filters, time, connection, person.
'use client'
import { History, Plus } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useIsPast } from '../_data/live-hooks.ts'
import type { Density } from '../_group/card-size.ts'
import { askForList } from '../_group/list-request.ts'
import { IconButton } from '../_ui/button.tsx'
import { Logo } from '../_ui/logo.tsx'
import { ConnectionBadge } from './connection-badge.tsx'
import { FilterChips } from './filter-chips.tsx'
import { PersonMenu } from './person-menu.tsx'
import { SearchBox } from './search-box.tsx'
import { useWallView } from './wall-view.ts'

export type Me = { name: string; isAdmin: boolean }

type WallBarProps = {
  me: Me
  density: Density
  onDensity(next: Density): void
  isTravelling: boolean
  onTravel(): void
}

export function WallBar({ me, density, onDensity, isTravelling, onTravel }: WallBarProps) {
  const t = useTranslations('wall')
  const filter = useWallView()
  const isPast = useIsPast()
  const add = () => askForList({ text: '', groupId: undefined })
  return (
    <header className="sticky top-0 z-30 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-ground px-3 py-1.5">
      <h1 className="flex">
        <Logo />
      </h1>
      <SearchBox filter={filter} />
      <div className="max-md:order-last max-md:w-full">
        <FilterChips filter={filter} />
      </div>
      <div className="ml-auto flex items-center gap-1">
        {!isPast && <ConnectionBadge />}
        <IconButton
          icon={History}
          label={t('travel')}
          aria-pressed={isTravelling}
          className="aria-pressed:bg-raised aria-pressed:text-text"
          onClick={onTravel}
        />
        {!isPast && <IconButton icon={Plus} label={t('newGroup')} onClick={add} />}
        <PersonMenu me={me} density={density} onDensity={onDensity} />
      </div>
    </header>
  )
}
