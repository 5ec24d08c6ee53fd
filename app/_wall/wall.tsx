// The wall: every group a card, all of them live; without any group it is a paste box.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { cardsQuery } from '../_data/groups.ts'
import { useLiveStatus } from '../_data/live-hooks.ts'
import { LiveProvider, liveRoads } from '../_data/live-provider.tsx'
import { DENSITY_COOKIE, type Density } from '../_group/card-size.ts'
import { rememberChoice } from '../_ui/cookie.ts'
import { CardGrid } from './card-grid.tsx'
import { FrontDoor } from './front-door.tsx'
import { ListRequests } from './list-requests.tsx'
import { RateRequests } from './rate-requests.tsx'
import { StaleBanner } from './stale-banner.tsx'
import { StorageBanner } from './storage-banner.tsx'
import { type Me, WallBar } from './wall-bar.tsx'
import { WallFault } from './wall-fault.tsx'
import { useWallView } from './wall-view.ts'

type WallProps = { me: Me; session: string; density: Density }

export function Wall({ me, session, density }: WallProps) {
  const [roads] = useState(() => liveRoads(session))
  return (
    <LiveProvider roads={roads}>
      <LiveWall me={me} density={density} />
    </LiveProvider>
  )
}

function LiveWall({ me, density: remembered }: { me: Me; density: Density }) {
  const { data: cards, isError, refetch } = useQuery(cardsQuery)
  const { isStale } = useLiveStatus()
  const [density, setDensity] = useState(remembered)
  const filter = useDeferredValue(useWallView())

  function choose(next: Density): void {
    setDensity(next)
    rememberChoice(DENSITY_COOKIE, next)
  }

  return (
    <div data-stale={isStale} className="group/wall flex min-h-dvh flex-col">
      <WallBar me={me} density={density} onDensity={choose} />
      <StaleBanner />
      <main className="flex-1 p-3 group-data-[stale=true]/wall:stale">
        {cards === undefined && isError && <WallFault onRetry={() => void refetch()} />}
        {cards?.length === 0 && <FrontDoor />}
        {cards && cards.length > 0 && <CardGrid cards={cards} filter={filter} density={density} />}
      </main>
      <StorageBanner isAdmin={me.isAdmin} />
      <ListRequests />
      <RateRequests />
    </div>
  )
}
