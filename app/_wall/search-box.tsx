// Searches groups and addresses; `/` comes here from anywhere on the wall.
'use client'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import type { RowFilter } from '../_group/arrange-rows.ts'
import { isTyping } from './keys.ts'
import { changeWallView } from './wall-view.ts'

export function SearchBox({ filter }: { filter: RowFilter }) {
  const t = useTranslations('wall')
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(filter.query)
  const [shown, setShown] = useState(filter.query)
  // The URL may also change by the button that clears it.
  if (filter.query !== shown) {
    setShown(filter.query)
    setText(filter.query)
  }
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      input.current?.focus()
    }
    document.addEventListener('keydown', focus)
    return () => document.removeEventListener('keydown', focus)
  }, [])

  function search(query: string): void {
    setText(query)
    setShown(query)
    changeWallView({ ...filter, query })
  }

  return (
    <label className="relative flex min-w-24 flex-1 items-center sm:max-w-64">
      <span className="sr-only">{t('search')}</span>
      <Search size={14} aria-hidden className="absolute left-2 text-faint" />
      <input
        ref={input}
        type="search"
        value={text}
        maxLength={200}
        placeholder={t('search')}
        title={t('searchHint')}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            search('')
            event.currentTarget.blur()
          }
        }}
        className="h-7 w-full rounded-4 border border-line bg-surface pr-2 pl-7 text-13"
      />
    </label>
  )
}
