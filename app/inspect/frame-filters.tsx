// Above the list: words to search for, what to show, pause, clear.
'use client'
import { Pause, Play, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { IconButton } from '../_ui/button.tsx'
import { cx } from '../_ui/class-names.ts'
import { inputLook } from '../_ui/field.tsx'
import { type FrameSearch, KINDS, type ShownKind } from './frame-search.ts'
import { FILTER_ID } from './use-frame-keys.ts'

type FrameFiltersProps = {
  search: FrameSearch
  onSearch(next: FrameSearch): void
  isPaused: boolean
  onPause(): void
  onClear(): void
}

const KIND_WORDS = { in: 'kindIn', out: 'kindOut', events: 'kindEvents' } as const

export function FrameFilters(props: FrameFiltersProps) {
  const t = useTranslations('inspect')
  const { search, onSearch, isPaused, onPause, onClear } = props

  function toggle(kind: ShownKind): void {
    const kinds = KINDS.filter((one) => (one === kind) !== search.kinds.includes(one))
    onSearch({ ...search, kinds })
  }

  return (
    <div className="flex flex-wrap items-center gap-1">
      <div className="w-64 max-w-full">
        <input
          id={FILTER_ID}
          type="search"
          value={search.words}
          onChange={(event) => onSearch({ ...search, words: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && onSearch({ ...search, words: '' })}
          aria-label={t('filter')}
          placeholder={t('filter')}
          className={cx(inputLook, 'h-7')}
        />
      </div>
      <fieldset className="flex gap-0.5">
        <legend className="sr-only">{t('kinds')}</legend>
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={search.kinds.includes(kind)}
            onClick={() => toggle(kind)}
            className={cx(
              'h-7 rounded-4 px-2 text-12 whitespace-nowrap hover:bg-raised',
              search.kinds.includes(kind) ? 'bg-raised text-text' : 'text-faint line-through',
            )}
          >
            {t(KIND_WORDS[kind])}
          </button>
        ))}
      </fieldset>
      <IconButton
        icon={isPaused ? Play : Pause}
        label={t(isPaused ? 'resume' : 'pause')}
        aria-pressed={isPaused}
        onClick={onPause}
      />
      <IconButton icon={Trash2} label={t('clear')} onClick={onClear} />
    </div>
  )
}
