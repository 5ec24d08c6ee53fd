// The wall: every group a card, live or as it was; without any group it is a paste box.
'use client'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useDeferredValue, useState } from 'react'
import { cardsQuery } from '../_data/groups.ts'
import { useFollow, useIsPast, useLiveStatus } from '../_data/live-hooks.ts'
import { LiveProvider, liveRoads } from '../_data/live-provider.tsx'
import { DENSITY_COOKIE, type Density } from '../_group/card-size.ts'
import { NothingStood } from '../_past/nothing-stood.tsx'
import { PastScene } from '../_past/past-scene.tsx'
import { type Travelling, useTravelling } from '../_past/use-travelling.ts'
import { rememberChoice } from '../_ui/cookie.ts'
import { createPart } from '../_ui/later.tsx'
import { CardGrid } from './card-grid.tsx'
import { FrontDoor } from './front-door.tsx'
import { ListRequests } from './list-requests.tsx'
import { RateRequests } from './rate-requests.tsx'
import { StaleBanner } from './stale-banner.tsx'
import { StorageBanner } from './storage-banner.tsx'
import { type Me, WallBar } from './wall-bar.tsx'
import { WallFault } from './wall-fault.tsx'
import { WallLoading } from './wall-loading.tsx'
import { useWallView } from './wall-view.ts'

const TimeBar = createPart(() => import('../_past/time-bar.tsx'), 'TimeBar')

type WallProps = { me: Me; session: string; density: Density }

export function Wall({ me, session, density }: WallProps) {
  const [roads] = useState(() => liveRoads(session))
  return (
    <LiveProvider roads={roads}>
      <WallInTime me={me} density={density} />
    </LiveProvider>
  )
}

function WallInTime({ me, density }: { me: Me; density: Density }) {
  const time = useTravelling()
  const [chosen, setChosen] = useState(density)
  const choose = (next: Density) => {
    setChosen(next)
    rememberChoice(DENSITY_COOKIE, next)
  }
  const scene = <Scene me={me} density={chosen} onDensity={choose} time={time} />
  return (
    <>
      <FollowedCards />
      {time.isArriving && <WallLoading density={chosen} />}
      {!time.isArriving && !(time.isPast && time.travel) && scene}
      {time.isPast && time.travel && <PastScene travel={time.travel}>{scene}</PastScene>}
      <Suspense>{time.isOpen && <TimeBar.Part time={time} />}</Suspense>
    </>
  )
}

// The present goes on unseen while the past is shown, so that the way back takes no time.
function FollowedCards() {
  const { data: cards = [] } = useQuery(cardsQuery)
  return cards.map(({ id }) => <FollowedCard key={id} groupId={id} />)
}

function FollowedCard({ groupId }: { groupId: string }) {
  useFollow(groupId)
  return null
}

type SceneProps = { me: Me; density: Density; onDensity(next: Density): void; time: Travelling }

function Scene({ me, density, onDensity, time }: SceneProps) {
  const { data: cards, isError, refetch } = useQuery(cardsQuery)
  const { isStale } = useLiveStatus()
  const isPast = useIsPast()
  const filter = useDeferredValue(useWallView())

  return (
    <div
      data-stale={isStale}
      data-past={isPast}
      className="group/wall flex min-h-dvh flex-col data-[past=true]:bg-past/5"
    >
      <WallBar
        me={me}
        density={density}
        onDensity={onDensity}
        isTravelling={time.isOpen}
        onTravel={time.isOpen ? time.close : time.open}
      />
      <StaleBanner />
      <main className="flex-1 p-3 group-data-[stale=true]/wall:stale">
        {cards === undefined && isError && <WallFault onRetry={() => void refetch()} />}
        {cards?.length === 0 && (isPast ? <NothingStood /> : <FrontDoor />)}
        {cards && cards.length > 0 && <CardGrid cards={cards} filter={filter} density={density} />}
      </main>
      <StorageBanner isAdmin={me.isAdmin} />
      {time.isOpen && <div aria-hidden className="h-52 sm:h-28" />}
      {!isPast && <ListRequests />}
      <RateRequests />
    </div>
  )
}
