// One group before and after a change: two windows laid over each other.
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { showGroup } from '#lib/groups/read.ts'
import { InGroup } from '#lib/targets/contract.ts'
import { readMoment } from '../../../_data/comparison.ts'
import {
  orNotFound,
  type SearchParameters,
  signedInContext,
  textsOf,
} from '../../../page-context.ts'
import { BeforeAfter } from './before-after.tsx'

type ComparisonPageProps = {
  params: Promise<{ groupId: string }>
  searchParams: Promise<SearchParameters>
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('comparison'))('title') }
}

export default async function ComparisonPage({ params, searchParams }: ComparisonPageProps) {
  const { ctx, actor } = await signedInContext()
  const { data: place } = InGroup.safeParse(await params)
  if (!place) notFound()
  const group = await orNotFound(showGroup(ctx, place))
  const firstMoment = readMoment(textsOf(await searchParams))
  return <BeforeAfter session={actor.sessionId} group={group} firstMoment={firstMoment} />
}
