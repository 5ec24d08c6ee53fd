// How well a group answered in a window, as the browser asks for it.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { SuccessRate } from '#lib/samples/contract.ts'
import type { TimeWindow } from '../_charts/time-window.ts'
import { request } from './request.ts'

/**
 * So many seconds from `floor` on, an ISO time; without it those until now. Of one target alone where
 * it is named.
 */
export type AskedWindow = {
  seconds: number
  floor?: string | undefined
  targetId?: string | undefined
}

/** What a chart's window is in whole seconds. */
export function rateWindowOf({ spanMs, toMs }: TimeWindow): AskedWindow {
  const seconds = Math.max(1, Math.round(spanMs / 1000))
  return toMs === undefined
    ? { seconds }
    : { seconds, floor: new Date(toMs - spanMs).toISOString() }
}

/** The same window as a chart shows it. */
export function timeWindowOf({ seconds, floor }: AskedWindow): TimeWindow {
  const spanMs = seconds * 1000
  return floor === undefined ? { spanMs } : { spanMs, toMs: Date.parse(floor) + spanMs }
}

const SOONEST_MS = 5_000
const LATEST_MS = 60_000

/** A window that ends now is counted again and again, a longer one less often. */
export const rateQuery = (groupId: string, { seconds, floor, targetId }: AskedWindow) =>
  queryOptions({
    queryKey: ['rates', groupId, seconds, floor, targetId],
    queryFn: ({ signal }) => {
      const path = `/api/groups/${groupId}/success-rate`
      return request(`${path}?${queryOf({ seconds, floor, targetId })}`, SuccessRate, { signal })
    },
    placeholderData: keepPreviousData,
    refetchInterval: !floor && Math.min(LATEST_MS, Math.max(SOONEST_MS, seconds * 20)),
  })

/** Where the table of the group's targets is to be had as a file. */
export function rateFilePath(groupId: string, asked: AskedWindow): string {
  return `/api/groups/${groupId}/success-rate.csv?${queryOf(asked)}`
}

function queryOf({ seconds, floor, targetId }: AskedWindow): URLSearchParams {
  return new URLSearchParams({
    time_range: String(seconds),
    ...(floor && { floor_time: floor }),
    ...(targetId && { target_id: targetId }),
  })
}
