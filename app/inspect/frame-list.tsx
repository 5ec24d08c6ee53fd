// The entries one below the other, newest last; only those in view are there.
'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Recorded } from '../_data/live-record.ts'
import { FrameRow, ROW_COLUMNS } from './frame-row.tsx'

const ROW_PX = 26
/** So near to its end the list follows what comes. */
const FOLLOW_PX = 2 * ROW_PX

type FrameListProps = {
  entries: readonly Recorded[]
  chosen: Recorded | undefined
  onChoose(entry: Recorded): void
}

export function FrameList({ entries, chosen, onChoose }: FrameListProps) {
  'use no memo'
  const t = useTranslations('inspect')
  const scroller = useRef<HTMLDivElement>(null)
  const isFollowing = useRef(true)
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: 12,
  })
  const newest = entries.at(-1)?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new entry is what moves the list.
  useEffect(() => {
    if (isFollowing.current) virtualizer.scrollToOffset(virtualizer.getTotalSize())
  }, [newest, entries.length])

  function noteScroll(): void {
    const list = scroller.current
    if (!list) return
    isFollowing.current = list.scrollHeight - list.scrollTop - list.clientHeight < FOLLOW_PX
  }

  function move(event: KeyboardEvent): void {
    const at = entries.findIndex(({ id }) => id === chosen?.id)
    const next = nextIndex(event.key, at, entries.length)
    const entry = next === undefined ? undefined : entries[next]
    if (next === undefined || !entry) return
    event.preventDefault()
    isFollowing.current = next === entries.length - 1
    onChoose(entry)
    virtualizer.scrollToIndex(next)
  }

  return (
    <>
      <div
        aria-hidden
        className={`${ROW_COLUMNS} border-b border-line px-3 py-1 text-12 text-faint`}
      >
        <span>{t('time')}</span>
        <span />
        <span className="text-right">{t('length')}</span>
        <span>{t('content')}</span>
      </div>
      <div
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label={t('frames')}
        aria-activedescendant={chosen && `entry-${chosen.id}`}
        onScroll={noteScroll}
        onKeyDown={move}
        className="min-h-0 flex-1 basis-40 overflow-y-auto overscroll-contain -outline-offset-2"
      >
        {entries.length === 0 && (
          <p className="px-3 py-6 text-center text-13 text-muted">{t('none')}</p>
        )}
        <div
          role="presentation"
          style={{ height: virtualizer.getTotalSize() }}
          className="relative"
        >
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const entry = entries[index]
            return (
              entry && (
                <FrameRow
                  key={key}
                  entry={entry}
                  place={{ start, height: ROW_PX, number: index + 1, of: entries.length }}
                  isChosen={entry.id === chosen?.id}
                  onChoose={onChoose}
                />
              )
            )
          })}
        </div>
      </div>
    </>
  )
}

/** Where a key leads from `at` (−1 for nowhere yet), or undefined for other keys. */
function nextIndex(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, count - 1)
  if (key === 'ArrowUp') return at < 0 ? count - 1 : Math.max(at - 1, 0)
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return undefined
}
