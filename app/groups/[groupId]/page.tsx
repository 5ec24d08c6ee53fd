// One group over any window: its addresses by time, and the figures of each.
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { showGroup } from '#lib/groups/read.ts'
import { InGroup } from '#lib/targets/contract.ts'
import { readWindow } from '../../_charts/time-window.ts'
import { readOrder } from '../../_group/rate-order.ts'
import { orNotFound, type SearchParameters, signedInContext, textsOf } from '../../page-context.ts'
import { GroupHistory } from './group-history.tsx'

type GroupPageProps = {
  params: Promise<{ groupId: string }>
  searchParams: Promise<SearchParameters>
}

export async function generateMetadata({ params }: GroupPageProps): Promise<Metadata> {
  const { group } = await openGroup((await params).groupId)
  return { title: group.name }
}

export default async function GroupPage({ params, searchParams }: GroupPageProps) {
  const { actor, group } = await openGroup((await params).groupId)
  const parameters = textsOf(await searchParams)
  return (
    <GroupHistory
      session={actor.sessionId}
      group={group}
      firstWindow={readWindow(parameters, Date.now())}
      firstOrder={readOrder(parameters)}
      firstQuery={parameters.get('q') ?? ''}
      madeMs={Date.now()}
    />
  )
}

// Once for the title and the page.
const openGroup = cache(async (groupId: string) => {
  const { ctx, actor } = await signedInContext()
  const { data: place } = InGroup.safeParse({ groupId })
  if (!place) notFound()
  return { actor, group: await orNotFound(showGroup(ctx, place)) }
})
