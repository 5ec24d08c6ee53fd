// Which other targets are drawn beside this one, each in its colour, and what they answered.
'use client'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ChangeEvent, useId } from 'react'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { COMPARE_COLOURS, tokenOf } from '../../../../_charts/chart-colours.ts'
import { NOTHING, roundTrip } from '../../../../_charts/figures.ts'
import { type HistoryColumns, placeAt } from '../../../../_charts/history-columns.ts'
import type { ShownTarget } from '../../../../_data/history.ts'
import { targetsQuery } from '../../../../_data/targets.ts'
import { IconButton } from '../../../../_ui/button.tsx'
import { MOST_OTHERS } from './others.ts'

type ComparisonProps = {
  shown: ShownTarget
  others: readonly LiveTarget[]
  /** Those of the others, in their order. */
  columns: readonly HistoryColumns[]
  pointedMs: number | undefined
  onOthers(ids: string[]): void
}

export function Comparison({ shown, others, columns, pointedMs, onOthers }: ComparisonProps) {
  const ids = others.map(({ id }) => id)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-2 text-13">
      {others.map((other, i) => (
        <OtherLegend
          key={other.id}
          other={other}
          colour={tokenOf(COMPARE_COLOURS[i] ?? 'compare1')}
          ms={medianAt(columns[i], pointedMs)}
          onRemove={() => onOthers(ids.filter((id) => id !== other.id))}
        />
      ))}
      {others.length < MOST_OTHERS && (
        <OtherPicker
          shown={shown}
          chosen={[shown.targetId, ...ids]}
          onAdd={(id) => onOthers([...ids, id])}
        />
      )}
    </div>
  )
}

type OtherLegendProps = {
  other: LiveTarget
  colour: string
  ms: number | null
  onRemove(): void
}

function OtherLegend({ other, colour, ms, onRemove }: OtherLegendProps) {
  const t = useTranslations('history')
  const name = nameOf(other)
  const figure = ms === null ? undefined : roundTrip(ms * 1000)
  return (
    <span data-compared={other.host} className="flex min-w-0 items-center gap-1.5">
      <span className="h-0.5 w-4 rounded-4" style={{ background: colour }} />
      <span className="truncate">{name}</span>
      <span className="figures min-w-[8ch] text-muted">
        {figure ? `${figure.value} ${figure.unit}` : NOTHING}
      </span>
      <IconButton icon={X} size={12} label={t('compareEnd', { name })} onClick={onRemove} />
    </span>
  )
}

type OtherPickerProps = { shown: ShownTarget; chosen: string[]; onAdd(id: string): void }

// A list of its own: browsers search it as one types, also among thousands.
function OtherPicker({ shown, chosen, onAdd }: OtherPickerProps) {
  const t = useTranslations('history')
  const list = useId()
  const { data: targets = [] } = useQuery(targetsQuery(shown.groupId))
  const open = targets.filter(({ id }) => !chosen.includes(id))
  if (open.length === 0) return null

  function choose({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    const found = open.find((target) => nameOf(target) === currentTarget.value)
    if (!found) return
    currentTarget.value = ''
    onAdd(found.id)
  }

  return (
    <>
      <input
        list={list}
        onChange={choose}
        aria-label={t('compare')}
        placeholder={t('compare')}
        className="h-7 w-44 rounded-4 border border-line bg-surface px-2 text-12"
      />
      <datalist id={list}>
        {open.map((target) => (
          <option key={target.id} value={nameOf(target)} />
        ))}
      </datalist>
    </>
  )
}

function nameOf({ label, host }: LiveTarget): string {
  return label ? `${label} ${host}` : host
}

function medianAt(columns: HistoryColumns | undefined, ms: number | undefined): number | null {
  const place = columns && ms !== undefined ? placeAt(columns, ms) : undefined
  return place === undefined ? null : (columns?.p50[place] ?? null)
}
