// The wall of whoever is signed in.
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import { Suspense } from 'react'
import type { Ctx } from '#lib/auth/context.ts'
import { listCards } from '#lib/groups/read.ts'
import { cardsQuery } from './_data/groups.ts'
import { DENSITY_COOKIE, type Density, toDensity } from './_group/card-size.ts'
import { Wall } from './_wall/wall.tsx'
import type { Me } from './_wall/wall-bar.tsx'
import { WallLoading } from './_wall/wall-loading.tsx'
import { rememberedChoice, signedInContext } from './page-context.ts'

// Strangers are sent away before anything streams, so that they get a real redirect.
export default async function WallPage() {
  const { ctx, actor } = await signedInContext()
  const density = toDensity(await rememberedChoice(DENSITY_COOKIE))
  const me = { name: actor.name, isAdmin: actor.role === 'admin' }
  return (
    <Suspense fallback={<WallLoading density={density} />}>
      <WallOfCards ctx={ctx} me={me} session={actor.sessionId} density={density} />
    </Suspense>
  )
}

type WallOfCardsProps = { ctx: Ctx; me: Me; session: string; density: Density }

async function WallOfCards({ ctx, me, session, density }: WallOfCardsProps) {
  const client = new QueryClient()
  client.setQueryData(cardsQuery.queryKey, await listCards(ctx))
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Wall me={me} session={session} density={density} />
    </HydrationBoundary>
  )
}
