// A comparison of two windows in the browser: what is asked, and how it stands in a URL.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { Comparison } from '#lib/comparison/contract.ts'
import { request } from './request.ts'

/** The windows of so many seconds before and after `atMs`; without it those that end now. */
export type ComparedMoment = { seconds: number; atMs?: number }

const USUAL_SECONDS = 3_600
const MOST_SECONDS = 31 * 86_400
const AGAIN_MS = 30_000

export const comparisonQuery = (groupId: string, { atMs, seconds }: ComparedMoment) =>
  queryOptions({
    queryKey: ['comparison', groupId, atMs, seconds],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ seconds: String(seconds) })
      if (atMs !== undefined) asked.set('at', new Date(atMs).toISOString())
      return request(`/api/groups/${groupId}/comparison?${asked}`, Comparison, { signal })
    },
    placeholderData: keepPreviousData,
    refetchInterval: isOver({ atMs, seconds }) ? false : AGAIN_MS,
  })

/** While the later window is still being measured it is compared again and again. */
function isOver({ atMs, seconds }: ComparedMoment): boolean {
  return atMs === undefined || atMs + seconds * 1000 < Date.now()
}

/** What `writeMoment` wrote; the usual length where the URL holds none, or nonsense. */
export function readMoment(parameters: Pick<URLSearchParams, 'get'>): ComparedMoment {
  const asked = Math.round(Number(parameters.get('seconds')))
  const seconds = asked >= 1 && asked <= MOST_SECONDS ? asked : USUAL_SECONDS
  const atMs = Date.parse(parameters.get('at') ?? '')
  return Number.isNaN(atMs) ? { seconds } : { seconds, atMs }
}

export function writeMoment({ seconds, atMs }: ComparedMoment) {
  const at = atMs === undefined ? null : new Date(atMs).toISOString()
  return { at, seconds: seconds === USUAL_SECONDS ? null : String(seconds) }
}
