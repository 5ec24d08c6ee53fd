// What a chart's window needs of the server: from when, to when, how finely.
import { bucketWidthFor } from '#lib/samples/bucket-width.ts'
import { edgesOf, type TimeWindow } from '../_charts/time-window.ts'

/** So many echoes are drawn one by one; of more, so many buckets. */
const MOST_ECHOES = 1_200
const MOST_BUCKETS = 500
/** The live connection keeps the last 120 echoes; what is fetched must reach into them. */
export const RING_PART = 60
const REFRESH_MS = { least: 5_000, mostOfEchoes: 30_000, mostOfBuckets: 300_000 }

export type Asked = { fromMs: number; toMs: number | undefined; resolution: 'raw' | number }

/** What a window needs of the server; that of a live one stays the same until it is to be refreshed. */
export function askedFor(window: TimeWindow, intervalMs: number, nowMs: number): Asked {
  const { fromMs } = edgesOf(window, nowMs)
  const isRaw = window.spanMs / intervalMs <= MOST_ECHOES
  const width = bucketWidthFor(window.spanMs / 1000, MOST_BUCKETS)
  const resolution = isRaw ? 'raw' : width
  if (window.toMs !== undefined) return { fromMs, toMs: window.toMs, resolution }
  const refreshMs = isRaw
    ? Math.min(REFRESH_MS.mostOfEchoes, RING_PART * intervalMs)
    : Math.min(REFRESH_MS.mostOfBuckets, width * 1000)
  return liveSince(fromMs, Math.max(REFRESH_MS.least, refreshMs), resolution)
}

function liveSince(fromMs: number, refreshMs: number, resolution: Asked['resolution']): Asked {
  return { fromMs: Math.floor(fromMs / refreshMs) * refreshMs, toMs: undefined, resolution }
}
