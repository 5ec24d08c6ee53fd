// Everything that passed: filtered, paused, and one entry read whole.
'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { LiveRecord, Recorded } from '../_data/live-record.ts'
import { FrameDetail } from './frame-detail.tsx'
import { FrameFilters } from './frame-filters.tsx'
import { FrameList } from './frame-list.tsx'
import { filterFrames, KINDS } from './frame-search.ts'
import { Panel } from './panel.tsx'
import { useFrameKeys } from './use-frame-keys.ts'
import { useRecord } from './use-record.ts'

/** What the list showed when it was paused. */
type Pause = { entries: readonly Recorded[]; nextId: number }

export function Frames({ record }: { record: LiveRecord }) {
  const t = useTranslations('inspect')
  useRecord(record)
  const [search, setSearch] = useState({ words: '', kinds: KINDS })
  const [pause, setPause] = useState<Pause>()
  const [chosen, setChosen] = useState<Recorded>()
  const now = record.entries()
  const entries = pause?.entries ?? now
  const shown = filterFrames(entries, search)
  const togglePause = () =>
    setPause((paused) => (paused ? undefined : { entries: now, nextId: (now.at(-1)?.id ?? 0) + 1 }))
  useFrameKeys(togglePause)

  function clear(): void {
    record.clear()
    setPause(undefined)
    setChosen(undefined)
  }

  return (
    <Panel
      title={t('frames')}
      className="flex min-h-[70dvh] flex-col lg:min-h-0"
      aside={
        <FrameFilters
          search={search}
          onSearch={setSearch}
          isPaused={pause !== undefined}
          onPause={togglePause}
          onClear={clear}
        />
      }
    >
      <FrameList entries={shown} chosen={chosen} onChoose={setChosen} />
      <p role="status" className="figures border-t border-line px-3 py-1 text-12 text-muted">
        {pause && `${t('paused', { count: (now.at(-1)?.id ?? 0) + 1 - pause.nextId })} · `}
        {t('count', { shown: shown.length, all: entries.length })}
        {record.forgotten() > 0 && ` · ${t('forgotten', { count: record.forgotten() })}`}
      </p>
      {chosen && <FrameDetail entry={chosen} onClose={() => setChosen(undefined)} />}
    </Panel>
  )
}
