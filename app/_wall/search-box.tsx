// Searches groups and addresses; `/` comes here from anywhere on the wall.
'use client'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type RefObject, useEffect, useRef } from 'react'
import type { RowFilter } from '../_group/arrange-rows.ts'
import { isTyping } from './keys.ts'
import { changeWallView } from './wall-view.ts'

export function SearchBox({ filter }: { filter: RowFilter }) {
  const t = useTranslations('wall')
  const input = useRef<HTMLInputElement>(null)
  // The URL follows what is typed, a little later; only while nobody types does the field follow it.
  useEffect(() => {
    const field = input.current
    if (field && field !== document.activeElement) field.value = filter.query
  }, [filter.query])
  useSlashKey(input)
  const search = (query: string) => changeWallView({ ...filter, query })

  return (
    <label className="relative flex min-w-24 flex-1 items-center sm:max-w-64">
      <span className="sr-only">{t('search')}</span>
      <Search size={14} aria-hidden className="absolute left-2 text-faint" />
      <input
        ref={input}
        type="search"
        defaultValue={filter.query}
        maxLength={200}
        placeholder={t('search')}
        title={t('searchHint')}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.currentTarget.value = ''
          event.currentTarget.blur()
          search('')
        }}
        className="h-7 w-full rounded-4 border border-line bg-surface pr-2 pl-7 text-13"
      />
    </label>
  )
}

function useSlashKey(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [input])
}
