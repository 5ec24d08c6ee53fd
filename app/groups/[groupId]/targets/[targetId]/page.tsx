// One address: its history over any window, live at the right edge.
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { showGroup } from '#lib/groups/read.ts'
import { InTarget } from '#lib/targets/contract.ts'
import { showTarget } from '#lib/targets/read.ts'
import { readWindow } from '../../../../_charts/time-window.ts'
import {
  orNotFound,
  type SearchParameters,
  signedInContext,
  textsOf,
} from '../../../../page-context.ts'
import { readOthers } from './others.ts'
import { TargetHistory } from './target-history.tsx'

type TargetPageProps = {
  params: Promise<{ groupId: string; targetId: string }>
  searchParams: Promise<SearchParameters>
}

export async function generateMetadata({ params }: TargetPageProps): Promise<Metadata> {
  const { groupId, targetId } = await params
  const { target } = await readTarget(groupId, targetId)
  return { title: target.label || target.host }
}

export default async function TargetPage({ params, searchParams }: TargetPageProps) {
  const { groupId, targetId } = await params
  const { actor, group, target } = await readTarget(groupId, targetId)
  const parameters = textsOf(await searchParams)
  return (
    <TargetHistory
      session={actor.sessionId}
      group={group}
      target={target}
      firstWindow={readWindow(parameters, Date.now())}
      firstOthers={readOthers(parameters)}
      madeMs={Date.now()}
    />
  )
}

// Once for the title and the page.
const readTarget = cache(async (groupId: string, targetId: string) => {
  const { ctx, actor } = await signedInContext()
  const { data: place } = InTarget.safeParse({ groupId, targetId })
  if (!place) notFound()
  const [group, target] = await orNotFound(
    Promise.all([showGroup(ctx, place), showTarget(ctx, place)]),
  )
  return { actor, group, target }
})
