// A target's history in the browser: fetched for a window of time, live at its right edge.
'use client'
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQueries,
  useQuery,
} from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { z } from 'zod'
import { Floor, Outage } from '#lib/samples/contract.ts'
import { History, type MeasuredEcho } from '#lib/samples/history-contract.ts'
import { lossKindOf } from '#lib/samples/loss-kind.ts'
import type { Edges, TimeWindow } from '../_charts/time-window.ts'
import { type Asked, askedFor, RING_PART } from './asked-window.ts'
import { useRing } from './live-hooks.ts'
import { type Live, useLive } from './live-provider.tsx'
import { request } from './request.ts'
import { newestAt, type SampleRing } from './sample-ring.ts'

export type ShownTarget = { groupId: string; targetId: string; n: number; intervalMs: number }

const noCursor: string | null = null
const pathOf = ({ groupId, targetId }: ShownTarget) => `/api/groups/${groupId}/targets/${targetId}`
const iso = (ms: number) => new Date(Math.round(ms)).toISOString()

const historyQuery = (shown: ShownTarget, asked: Asked) =>
  queryOptions({
    queryKey: ['history', shown.targetId, asked.resolution, asked.fromMs, asked.toMs],
    queryFn: ({ signal }) => readHistory(shown, asked, signal),
    placeholderData: keepPreviousData,
  })

function readHistory(shown: ShownTarget, { fromMs, toMs, resolution }: Asked, signal: AbortSignal) {
  const asked = new URLSearchParams({ from: iso(fromMs), resolution: String(resolution) })
  if (toMs !== undefined) asked.set('to', iso(toMs))
  return request(`${pathOf(shown)}/samples?${asked}`, History, { signal })
}

/** What is known of the window; with the echoes that came since it was fetched, where it is live. */
export function useHistory(target: ShownTarget, window: TimeWindow, nowMs: number) {
  const { groupId, n } = target
  const asked = askedFor(window, target.intervalMs, nowMs)
  const query = useQuery(historyQuery(target, asked))
  const live = useLive()
  useEffect(() => seeEchoes(live, target), [live, target])
  const newest = useRing(groupId, n, (ring) => ring && newestAt(ring))
  const history = useMemo(() => {
    const ring = newest === undefined ? undefined : live?.samples.ring(groupId, n)
    return ring && asked.toMs === undefined ? withRing(query.data, ring) : query.data
  }, [query.data, live, groupId, n, newest, asked.toMs])
  return { history, error: query.error, refetch: query.refetch }
}

/** The same of other targets, in their order. */
export function useHistories(
  targets: readonly ShownTarget[],
  window: TimeWindow,
  nowMs: number,
): (History | undefined)[] {
  const live = useLive()
  const fetched = useQueries({
    queries: targets.map((target) =>
      historyQuery(target, askedFor(window, target.intervalMs, nowMs)),
    ),
    combine: dataOf,
  })
  useEffect(() => {
    const undos = targets.map((target) => seeEchoes(live, target))
    return () => {
      for (const undo of undos) undo?.()
    }
  }, [live, targets])
  return targets.map(({ groupId, n }, i) => {
    const ring = window.toMs === undefined ? live?.samples.ring(groupId, n) : undefined
    return ring ? withRing(fetched[i], ring) : fetched[i]
  })
}

/** Loads the echoes that a fetched history is continued with. */
function seeEchoes(live: Live | undefined, { groupId, n, intervalMs }: ShownTarget) {
  return live?.strips.see(groupId, n, 2 * RING_PART * intervalMs)
}

function dataOf(queries: { data: History | undefined }[]): (History | undefined)[] {
  return queries.map(({ data }) => data)
}

function withRing(history: History | undefined, ring: SampleRing): History | undefined {
  if (history?.resolution !== 'raw') return history
  const knownTo = Date.parse(history.items.at(-1)?.at ?? history.from)
  const later: MeasuredEcho[] = []
  for (let i = 0; i < ring.length; i += 1) {
    const [at, us] = [ring.at[i] ?? 0, ring.us[i] ?? 0]
    if (at > knownTo) later.push(echoOf(at, us))
  }
  return { ...history, items: [...history.items, ...later] }
}

function echoOf(at: number, us: number): MeasuredEcho {
  const outcome = lossKindOf(us) ?? 'reply'
  return { at: new Date(at).toISOString(), rtt_ms: us < 0 ? null : us / 1000, outcome }
}

const WEEKS_MS = 28 * 86_400_000
const HOUR_MS = 3_600_000

/** The last four weeks, hour by hour. */
export const weeksQuery = (shown: ShownTarget) =>
  queryOptions({
    queryKey: ['weeks', shown.targetId],
    queryFn: async ({ signal }) => {
      const fromMs = Date.now() - WEEKS_MS
      const asked = { fromMs, toMs: undefined, resolution: HOUR_MS / 1000 }
      const history = await readHistory(shown, asked, signal)
      return history.resolution === 'buckets' ? history.items : []
    },
    refetchInterval: HOUR_MS,
  })

const floorQuery = ({ fromMs, toMs }: Asked) =>
  queryOptions({
    queryKey: ['floor', fromMs, toMs],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ from: iso(fromMs) })
      if (toMs !== undefined) asked.set('to', iso(toMs))
      return request(`/api/floor?${asked}`, Floor, { signal })
    },
    placeholderData: keepPreviousData,
  })

/** What the workers measured of themselves meanwhile. */
export function useFloor({ intervalMs }: ShownTarget, window: TimeWindow, nowMs: number) {
  return useQuery(floorQuery(askedFor(window, intervalMs, nowMs))).data
}

const OutagePage = z.object({ items: z.array(Outage), next_cursor: z.string().nullable() })

/** The outages of the window, the newest first, a page at a time. */
export function useOutages(shown: ShownTarget, window: TimeWindow, nowMs: number) {
  const { fromMs, toMs } = askedFor(window, shown.intervalMs, nowMs)
  return useInfiniteQuery({
    queryKey: ['outages', shown.targetId, fromMs, toMs],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ from: iso(fromMs), limit: '20' })
      if (toMs !== undefined) asked.set('to', iso(toMs))
      if (pageParam !== null) asked.set('cursor', pageParam)
      return request(`${pathOf(shown)}/outages?${asked}`, OutagePage, { signal })
    },
    initialPageParam: noCursor,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
  })
}

/** Where the whole window is to be had as a file, every result of it. */
export function exportPath(
  shown: ShownTarget,
  { fromMs, toMs }: Edges,
  kind: 'csv' | 'json',
): string {
  const asked = new URLSearchParams({ from: iso(fromMs), to: iso(toMs), resolution: 'raw' })
  const file = kind === 'csv' ? 'samples.csv' : 'samples'
  return `${pathOf(shown)}/${file}?${asked}`
}

/** Where the window is to be had for somebody else, with the times of this zone. */
export function proofPath(shown: ShownTarget, { fromMs, toMs }: Edges, timeZone: string): string {
  const asked = new URLSearchParams({ from: iso(fromMs), to: iso(toMs), time_zone: timeZone })
  return `${pathOf(shown)}/proof?${asked}`
}
