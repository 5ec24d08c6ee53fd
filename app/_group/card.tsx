// One group on the wall: its headline, its rows, the colour of its worst row at the edge.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo } from 'react'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { Standing } from '#lib/targets/health.ts'
import { useVital } from '../_data/live-hooks.ts'
import { useLive } from '../_data/live-provider.tsx'
import { targetsQuery } from '../_data/targets.ts'
import { cx } from '../_ui/class-names.ts'
import { STANDING_COLOUR } from '../_ui/standing-glyph.tsx'
import { arrangeRows, type RowFilter } from './arrange-rows.ts'
import { CardHeadline } from './card-headline.tsx'
import { cardLines, type Density, listHeight } from './card-size.ts'
import { RowList } from './row-list.tsx'
import { RowsLoading } from './rows-loading.tsx'
import { useOnScreen } from './use-on-screen.ts'

const NO_STANDINGS: ReadonlyMap<string, Standing> = new Map()

type CardProps = { group: MyGroup; filter: RowFilter; density: Density }

export function Card({ group, filter, density }: CardProps) {
  const t = useTranslations('group')
  const [place, isOnScreen] = useOnScreen()
  const worst = useVital(group.id, (now) => now?.worst)
  const rows = useRows(group, filter)
  const isNarrowed = filter.show !== 'all' || filter.query !== ''
  if (rows?.length === 0 && isNarrowed) return null
  const count = rows?.length ?? group.target_count

  return (
    <article
      ref={place}
      aria-label={group.name}
      aria-busy={rows === undefined}
      data-group-id={group.id}
      style={{ gridRow: `span ${cardLines(count, density)}` }}
      className="group/card @container relative mb-3 min-w-0 overflow-hidden rounded-8 border border-line bg-surface"
    >
      <span
        aria-hidden
        className={cx(
          'absolute inset-y-0 left-0 w-[3px] bg-current transition-colors',
          worst ? STANDING_COLOUR[worst] : 'text-line',
        )}
      />
      <CardHeadline group={group} />
      <div style={{ height: listHeight(count, density) }}>
        {rows?.length === 0 && <p className="px-4 text-13 text-faint">{t('empty')}</p>}
        {count > 0 && !(rows && isOnScreen) && <RowsLoading count={count} density={density} />}
        {count > 0 && rows && isOnScreen && <RowList group={group} rows={rows} density={density} />}
      </div>
    </article>
  )
}

// The rows to show; undefined until they are known.
function useRows(group: MyGroup, filter: RowFilter) {
  const { data: targets } = useQuery(targetsQuery(group.id))
  const vitals = useLive()?.vitals
  const standings = useVital(group.id, (now) => now?.standings) ?? NO_STANDINGS
  useEffect(() => {
    if (targets) vitals?.set(group, targets)
  }, [vitals, group, targets])
  useEffect(() => () => vitals?.remove(group.id), [vitals, group.id])
  return useMemo(
    () => targets && arrangeRows(group, targets, standings, filter),
    [group, targets, standings, filter],
  )
}
