// The inspector: this tab's own live connection, following what the wall follows.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { cardsQuery } from '../_data/groups.ts'
import { useFollow } from '../_data/live-hooks.ts'
import { LiveProvider, liveRoads } from '../_data/live-provider.tsx'
import { createLiveRecord, type LiveRecord } from '../_data/live-record.ts'
import { recordRoads } from '../_data/recorded-roads.ts'
import { ConnectionFacts } from './connection-facts.tsx'
import { EventLamps } from './event-lamps.tsx'
import { FollowedTopics } from './followed-topics.tsx'
import { Frames } from './frames.tsx'
import { InspectorBar } from './inspector-bar.tsx'
import { onlyRoad, type RoadChoice, rememberRoad } from './road-choice.ts'

const FIRST_MEASURE_MS = 1_000
const MEASURE_MS = 5_000

type InspectorProps = { session: string; initialRoad: RoadChoice }

export function Inspector({ session, initialRoad }: InspectorProps) {
  const [choice, setChoice] = useState(initialRoad)
  const [record] = useState(createLiveRecord)
  const [roads] = useState(() => recordRoads(liveRoads(session), record))

  function choose(next: RoadChoice): void {
    setChoice(next)
    rememberRoad(next)
  }

  return (
    <LiveProvider roads={roads} only={onlyRoad(choice)}>
      <FollowWall />
      <Measure record={record} />
      <div className="flex min-h-dvh flex-col lg:h-dvh">
        <InspectorBar choice={choice} onChoose={choose} />
        <main className="grid min-h-0 flex-1 gap-3 p-3 lg:grid-cols-[minmax(20rem,26rem)_1fr]">
          <div className="flex min-h-0 min-w-0 flex-col gap-3 lg:overflow-y-auto">
            <ConnectionFacts record={record} />
            <EventLamps record={record} />
            <FollowedTopics record={record} />
          </div>
          <Frames record={record} />
        </main>
      </div>
    </LiveProvider>
  )
}

function FollowWall() {
  const { data: cards = [] } = useQuery(cardsQuery)
  return cards.map(({ id }) => <Follow key={id} groupId={id} />)
}

function Follow({ groupId }: { groupId: string }) {
  useFollow(groupId)
  return null
}

function Measure({ record }: { record: LiveRecord }) {
  useEffect(() => {
    const first = setTimeout(record.measure, FIRST_MEASURE_MS)
    const timer = setInterval(record.measure, MEASURE_MS)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [record])
  return null
}
