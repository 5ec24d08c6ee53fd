// Asks the server for the wall of an earlier moment, and for what happened afterwards.
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { PastCards, WallOutage } from '#lib/groups/past-contract.ts'
import { PastEvents, PastGroup } from '#lib/live/past-contract.ts'
import { request } from './request.ts'

const iso = (ms: number) => new Date(Math.round(ms)).toISOString()

export function readPastCards(atMs: number, signal?: AbortSignal): Promise<PastCards> {
  return request(`/api/cards/past?at=${iso(atMs)}`, PastCards, { ...(signal && { signal }) })
}

/** With the strips of all its targets, however many pages they take. */
export async function readPastGroup(
  groupId: string,
  atMs: number,
  signal: AbortSignal,
): Promise<PastGroup> {
  const path = `/api/groups/${groupId}/past?at=${iso(atMs)}`
  const first = await request(path, PastGroup, { signal })
  const strips = [...first.strips]
  for (let cursor = first.next_cursor; cursor !== null; ) {
    const next = await request(`${path}&cursor=${cursor}`, PastGroup, { signal })
    strips.push(...next.strips)
    cursor = next.next_cursor
  }
  return { ...first, strips }
}

export function readPastEvents(
  groupId: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<PastEvents> {
  const path = `/api/groups/${groupId}/past/events?from=${iso(fromMs)}&to=${iso(toMs)}`
  return request(path, PastEvents, { signal })
}

const Outages = z.object({ items: z.array(WallOutage) })
const MOST_MARKS = 1_000

/** The outages of a window, the newest first; no more than a slider can show. */
export const marksQuery = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
  queryOptions({
    queryKey: ['wall-outages', fromMs, toMs],
    queryFn: async ({ signal }) => {
      const path = `/api/outages?from=${iso(fromMs)}&to=${iso(toMs)}&limit=${MOST_MARKS}`
      return (await request(path, Outages, { signal })).items
    },
  })

/** So near to each other they are one: many addresses that fail together. */
const TOGETHER_MS = 5_000
const MOST_TOGETHER = 200

/** When the wall first showed the next outage, or the one before; undefined where there is none. */
export async function findOutage(
  direction: 'later' | 'earlier',
  atMs: number,
): Promise<number | undefined> {
  const asked =
    direction === 'later'
      ? `after=${iso(atMs)}&limit=${MOST_TOGETHER}`
      : `before=${iso(atMs - TOGETHER_MS)}&limit=1`
  const { items } = await request(`/api/outages?${asked}`, Outages)
  const times = items.map(({ dark_at }) => Date.parse(dark_at))
  const [first] = times
  return first && times.filter((ms) => ms <= first + TOGETHER_MS).at(-1)
}

/** From when on the wall can be shown. */
export const keptFromQuery = queryOptions({
  queryKey: ['kept-from'],
  queryFn: async ({ signal }) =>
    Date.parse((await readPastCards(Date.now() - 60_000, signal)).kept_from),
})
