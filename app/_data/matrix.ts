// A group's matrix in the browser: page after page, and again while its window is live.
'use client'
import {
  keepPreviousData,
  queryOptions,
  experimental_streamedQuery as streamedQuery,
} from '@tanstack/react-query'
import { bucketWidthFor } from '#lib/samples/bucket-width.ts'
import { Matrix } from '#lib/samples/matrix-contract.ts'
import { edgesOf, type TimeWindow } from '../_charts/time-window.ts'
import { request } from './request.ts'

/** Of which group, with how many targets, how finely. */
export type ShownMatrix = { groupId: string; targetCount: number; columns: number }

const REFRESH_MS = { soonest: 5_000, latest: 300_000 }
/** So many targets are counted in one go; more are asked for less often. */
const FEW_TARGETS = 250

/** The pages of the window; while it is asked for again, those of the last time stay. */
export const matrixQuery = (shown: ShownMatrix, window: TimeWindow, nowMs: number) =>
  queryOptions<Matrix[]>({
    queryKey: ['matrix', shown.groupId, shown.columns, window.spanMs, window.toMs],
    queryFn: streamedQuery({
      streamFn: ({ signal }) => readPages(shown, edgesOf(window, nowMs), signal),
      refetchMode: 'replace',
    }),
    placeholderData: keepPreviousData,
    refetchInterval: window.toMs === undefined && refreshMs(shown, window),
  })

async function* readPages(
  { groupId, columns }: ShownMatrix,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal: AbortSignal,
): AsyncGenerator<Matrix> {
  const iso = (ms: number) => new Date(Math.round(ms)).toISOString()
  const asked = new URLSearchParams({
    from: iso(fromMs),
    to: iso(toMs),
    columns: String(columns),
  })
  for (;;) {
    const page = await request(`/api/groups/${groupId}/matrix?${asked}`, Matrix, { signal })
    yield page
    if (page.next_cursor === null) return
    asked.set('cursor', page.next_cursor)
  }
}

function refreshMs({ targetCount, columns }: ShownMatrix, { spanMs }: TimeWindow): number {
  const widthMs = bucketWidthFor(spanMs / 1000, columns) * 1000
  const soon = Math.min(REFRESH_MS.latest, Math.max(REFRESH_MS.soonest, widthMs))
  return soon * Math.max(1, Math.ceil(targetCount / FEW_TARGETS))
}
