// The live connection under the glass, for whoever debugs it.
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { listCards } from '#lib/groups/read.ts'
import { cardsQuery } from '../_data/groups.ts'
import { signedInContext } from '../page-context.ts'
import { Inspector } from './inspector.tsx'
import { toRoadChoice } from './road-choice.ts'

type InspectPageProps = { searchParams: Promise<{ road?: string | string[] }> }

export default async function InspectPage({ searchParams }: InspectPageProps) {
  const { ctx, actor } = await signedInContext()
  const { road } = await searchParams
  const client = new QueryClient()
  client.setQueryData(cardsQuery.queryKey, await listCards(ctx))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Inspector session={actor.sessionId} initialRoad={toRoadChoice(road)} />
    </HydrationBoundary>
  )
}
