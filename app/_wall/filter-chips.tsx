// Chips that narrow the wall to one state, each with how many rows stand so.
'use client'
import { useTranslations } from 'next-intl'
import { useCount } from '../_data/live-hooks.ts'
import { type RowFilter, SHOWN, type Shown } from '../_group/arrange-rows.ts'
import { cx } from '../_ui/class-names.ts'
import { StandingGlyph } from '../_ui/standing-glyph.tsx'
import { changeWallView } from './wall-view.ts'

export function FilterChips({ filter }: { filter: RowFilter }) {
  const t = useTranslations('wall')
  return (
    <fieldset className="flex items-center gap-0.5">
      <legend className="sr-only">{t('filter')}</legend>
      {SHOWN.map((show) => (
        <Chip key={show} show={show} filter={filter} />
      ))}
    </fieldset>
  )
}

function Chip({ show, filter }: { show: Shown; filter: RowFilter }) {
  const t = useTranslations()
  const count = useCount(show)
  const isPressed = filter.show === show
  return (
    <button
      type="button"
      aria-pressed={isPressed}
      onClick={() => changeWallView({ ...filter, show: isPressed ? 'all' : show })}
      className={cx(
        'flex h-7 items-center gap-1.5 rounded-4 px-2 text-13 whitespace-nowrap hover:bg-raised',
        isPressed ? 'bg-raised text-text' : 'text-muted',
      )}
    >
      {show !== 'all' && <StandingGlyph standing={show} />}
      <span className={cx(show !== 'all' && 'max-lg:sr-only')}>
        {show === 'all' ? t('wall.all') : t(`standing.${show}`)}
      </span>
      <span className={cx('figures min-w-[2ch] text-right', count === 0 && 'text-faint')}>
        {count}
      </span>
    </button>
  )
}
