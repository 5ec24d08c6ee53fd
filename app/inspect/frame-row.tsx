// One entry of the record on one line.
'use client'
import { ArrowDown, ArrowUp, Dot } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { memo } from 'react'
import type { Recorded, RecordedKind } from '../_data/live-record.ts'
import { cx } from '../_ui/class-names.ts'
import { clockTime } from './recorded-time.ts'

export const ROW_COLUMNS = 'grid grid-cols-[5.75rem_1rem_4rem_minmax(0,1fr)] items-center gap-x-2'

const LOOKS: Record<RecordedKind, { icon: typeof Dot; colour: string }> = {
  in: { icon: ArrowDown, colour: 'text-accent' },
  out: { icon: ArrowUp, colour: 'text-slow' },
  open: { icon: Dot, colour: 'text-answering' },
  error: { icon: Dot, colour: 'text-lossy' },
  close: { icon: Dot, colour: 'text-slow' },
}

/** A row shows no more of a frame than fits; the rest stands in its detail. */
const SHOWN_CHARACTERS = 240

type FrameRowProps = {
  entry: Recorded
  place: { start: number; height: number; number: number; of: number }
  isChosen: boolean
  onChoose(entry: Recorded): void
}

export const FrameRow = memo(function FrameRow(props: FrameRowProps) {
  const { entry, place, isChosen, onChoose } = props
  const t = useTranslations('inspect')
  const isFrame = entry.kind === 'in' || entry.kind === 'out'
  const { icon: Icon, colour } = LOOKS[entry.kind]
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys for all its entries.
    <div
      role="option"
      id={`entry-${entry.id}`}
      aria-selected={isChosen}
      aria-posinset={place.number}
      aria-setsize={place.of}
      tabIndex={-1}
      data-kind={entry.kind}
      data-label={entry.label}
      data-bytes={entry.bytes}
      onClick={() => onChoose(entry)}
      style={{ height: place.height, transform: `translateY(${place.start}px)` }}
      className={cx(
        ROW_COLUMNS,
        'absolute inset-x-0 top-0 cursor-pointer px-3 text-12 whitespace-nowrap hover:bg-raised',
        isChosen && 'bg-raised shadow-[inset_2px_0_0_var(--accent)]',
        !isFrame && 'bg-ground',
      )}
    >
      <span className="figures text-muted">{clockTime(entry.atMs)}</span>
      <Icon
        size={14}
        strokeWidth={entry.kind === 'in' || entry.kind === 'out' ? 2 : 8}
        aria-label={isFrame ? t(entry.kind === 'in' ? 'in' : 'out') : undefined}
        aria-hidden={!isFrame}
        className={colour}
      />
      <span className="figures text-right text-muted">{isFrame && entry.bytes}</span>
      <span className="truncate">
        <span className={cx('font-medium', !isFrame && colour)}>{entry.label}</span>{' '}
        <span className="font-mono text-muted">{entry.text.slice(0, SHOWN_CHARACTERS)}</span>
      </span>
    </div>
  )
})
