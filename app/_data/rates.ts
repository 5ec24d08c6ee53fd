// How well a group answered in a window, as the browser asks for it.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { SuccessRate } from '#lib/samples/contract.ts'
import { request } from './request.ts'

/**
 * So many seconds from `floor` on, an ISO time; without it those until now. Of one target alone where
 * it is named.
 */
export type AskedWindow = { seconds: number; floor?: string; targetId?: string }

const SOONEST_MS = 5_000
const LATEST_MS = 60_000

/** A window that ends now is counted again and again, a longer one less often. */
export const rateQuery = (groupId: string, { seconds, floor, targetId }: AskedWindow) =>
  queryOptions({
    queryKey: ['rates', groupId, seconds, floor, targetId],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        time_range: String(seconds),
        ...(floor && { floor_time: floor }),
        ...(targetId && { target_id: targetId }),
      })
      return request(`/api/groups/${groupId}/success-rate?${query}`, SuccessRate, { signal })
    },
    placeholderData: keepPreviousData,
    refetchInterval: !floor && Math.min(LATEST_MS, Math.max(SOONEST_MS, seconds * 20)),
  })
