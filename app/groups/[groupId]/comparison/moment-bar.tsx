// Chooses the moment, by a mark or any time, and how long the windows around it are.
'use client'
import { useTranslations } from 'next-intl'
import { type ChangeEvent, type FormEvent, useState, useSyncExternalStore } from 'react'
import type { Mark } from '#lib/marks/contract.ts'
import type { ComparedMoment } from '../../../_data/comparison.ts'
import { Button } from '../../../_ui/button.tsx'
import { localTimeOf } from '../../../_ui/local-time.ts'
import { Segments } from '../../../_ui/segments.tsx'

const LENGTHS = [
  ['minutes', 600],
  ['hour', 3_600],
  ['hours', 6 * 3_600],
  ['day', 86_400],
  ['week', 7 * 86_400],
] as const

const inputLook = 'h-7 rounded-4 border border-line-strong bg-ground px-2 text-12 text-text'

type MomentBarProps = {
  moment: ComparedMoment
  /** Where the windows meet, also where that is not asked for by name. */
  atMs: number | undefined
  marks: readonly Mark[]
  onMoment(next: ComparedMoment): void
}

export function MomentBar({ moment, atMs, marks, onMoment }: MomentBarProps) {
  const t = useTranslations('comparison')
  const tSpans = useTranslations('history.spans')
  const chosen = marks.find(({ at }) => Date.parse(at) === moment.atMs)

  function chooseMark({ currentTarget }: ChangeEvent<HTMLSelectElement>): void {
    const mark = marks.find(({ id }) => id === currentTarget.value)
    if (mark) onMoment({ ...moment, atMs: Date.parse(mark.at) })
    else onMoment({ seconds: moment.seconds })
  }

  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {marks.length > 0 && (
        <select
          aria-label={t('atMark')}
          value={chosen?.id ?? ''}
          onChange={chooseMark}
          className={`${inputLook} max-w-64`}
        >
          <option value="">{t('noMark')}</option>
          {marks.map(({ id, text }) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </select>
      )}
      <TimeForm key={atMs} atMs={atMs} onTime={(ms) => onMoment({ ...moment, atMs: ms })} />
      <Segments
        label={t('length')}
        options={LENGTHS.map(([name, value]) => ({ value, label: tSpans(name) }))}
        chosen={LENGTHS.find(([, value]) => value === moment.seconds)?.[1]}
        onChoose={(seconds) => onMoment({ ...moment, seconds })}
      />
    </div>
  )
}

const never = () => () => {}

// The reader's own time zone is known in the browser alone.
function TimeForm({ atMs, onTime }: { atMs: number | undefined; onTime(ms: number): void }) {
  const t = useTranslations('comparison')
  const isHere = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const [typed, setTyped] = useState<string>()
  const known = isHere && atMs !== undefined ? localTimeOf(atMs) : ''

  function submit(event: FormEvent): void {
    event.preventDefault()
    onTime(new Date(typed ?? known).getTime())
  }

  return (
    <form onSubmit={submit} aria-label={t('moment')} className="flex items-center gap-2">
      <input
        type="datetime-local"
        step={1}
        required
        aria-label={t('atTime')}
        min="0001-01-01T00:00"
        max="9999-12-31T23:59"
        value={typed ?? known}
        onChange={(event) => setTyped(event.target.value)}
        className={inputLook}
      />
      <Button type="submit" className="!h-7 !px-3 !text-12" disabled={typed === undefined}>
        {t('compare')}
      </Button>
    </form>
  )
}
