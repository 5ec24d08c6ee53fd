// The cards in columns that fill the width, each as high as its rows need.
'use client'
import { useTranslations } from 'next-intl'
import type { MyGroup } from '#lib/groups/contract.ts'
import type { RowFilter } from '../_group/arrange-rows.ts'
import { Card } from '../_group/card.tsx'
import type { Density } from '../_group/card-size.ts'
import { Button } from '../_ui/button.tsx'
import { WallGrid } from './wall-grid.tsx'
import { changeWallView } from './wall-view.ts'

type CardGridProps = { cards: MyGroup[]; filter: RowFilter; density: Density }

export function CardGrid({ cards, filter, density }: CardGridProps) {
  const isNarrowed = filter.show !== 'all' || filter.query !== ''
  return (
    <>
      <WallGrid count={cards.length}>
        {cards.map((card) => (
          <Card key={card.id} group={card} filter={filter} density={density} />
        ))}
      </WallGrid>
      {isNarrowed && <NothingFound />}
    </>
  )
}

// Cards without a matching row take themselves away; only an empty grid shows this.
function NothingFound() {
  const t = useTranslations('wall')
  return (
    <div className="hidden flex-col items-center gap-4 py-24 text-muted peer-empty:flex">
      <p>{t('none')}</p>
      <Button onClick={() => changeWallView({ query: '', show: 'all' })}>{t('clear')}</Button>
    </div>
  )
}
