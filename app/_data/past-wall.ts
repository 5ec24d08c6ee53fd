// The wall of an earlier moment: read whole, then put in place of what was shown, at once.
import type { QueryClient } from '@tanstack/react-query'
import type { PastGroup } from '#lib/live/past-contract.ts'
import { cardsQuery } from './groups.ts'
import { readPastCards, readPastGroup } from './past.ts'
import { RequestError } from './request.ts'
import type { SampleStore } from './sample-store.ts'
import { targetsQuery } from './targets.ts'

export type PastWall = {
  groups: PastGroup[]
  keptFromMs: number
  /** Until then the same cards stood there. */
  untilMs: number
}

/** Throws `RequestError`; a group that was taken away from us meanwhile leaves no card. */
export async function readPastWall(atMs: number, signal: AbortSignal): Promise<PastWall> {
  const { items, kept_from, until } = await readPastCards(atMs, signal)
  const groups = await Promise.all(
    items.map(({ id }) => readPastGroup(id, atMs, signal).catch(unlessMissing)),
  )
  return {
    groups: groups.flatMap((group) => group ?? []),
    keptFromMs: Date.parse(kept_from),
    untilMs: until === null ? Number.POSITIVE_INFINITY : Date.parse(until),
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RequestError && error.code === 'not_found') return undefined
  throw error
}

type Shown = { client: QueryClient; samples: SampleStore }

/** Nothing of what was shown before stays. */
export function showPastWall({ client, samples }: Shown, { groups }: PastWall): void {
  const present = groups.flatMap(({ group }) => group ?? [])
  const before = client.getQueryData(cardsQuery.queryKey) ?? []
  const ids = new Set(present.map(({ id }) => id))
  for (const { id } of before) samples.forget(id)
  for (const { id } of before) if (!ids.has(id)) client.removeQueries(targetsQuery(id))
  for (const { group, targets, strips, complete_from } of groups) {
    if (!group) continue
    const fromMs = Date.parse(complete_from)
    for (const strip of strips) samples.load(group.id, strip, fromMs)
    samples.begin(group.id, { fromMs, unbrokenToMs: undefined, tally: undefined })
    client.setQueryData(targetsQuery(group.id).queryKey, targets)
  }
  client.setQueryData(cardsQuery.queryKey, present)
}
