// A target's history as a chart draws it: columns with a place for each bucket or echo.

import type { Bucket, History, MeasuredEcho } from '#lib/samples/history-contract.ts'
import { DEFAULT_THRESHOLDS } from '#lib/targets/health.ts'

/**
 * A place stands for [from, until) in ms since 1970 and is drawn at `x`. Round trips in ms, null
 * where nothing was answered.
 */
export type HistoryColumns = {
  x: number[]
  from: number[]
  until: number[]
  min: (number | null)[]
  p50: (number | null)[]
  p95: (number | null)[]
  p99: (number | null)[]
  max: (number | null)[]
  sent: number[]
  lost: number[]
  notMeasured: number[]
  /** Nothing was answered for long enough to call it dark. */
  isDark: boolean[]
}

type Place = { [Name in keyof HistoryColumns]: HistoryColumns[Name][number] }

/** What one place was, as far as colours tell it. */
export type Fate = 'answered' | 'lossy' | 'dark' | 'unmeasured' | 'empty'

/** In intervals: between two results that lie further apart something was not measured. */
const REACH = 1.5

export function noColumns(): HistoryColumns {
  const empty = { x: [], from: [], until: [], min: [], p50: [], p95: [], p99: [], max: [] }
  return { ...empty, sent: [], lost: [], notMeasured: [], isDark: [] }
}

/**
 * The columns of a history. Between single echoes that lie too far apart stands a place that was
 * not measured; between buckets one that is empty, since only those are left out.
 */
export function toColumns(history: History, intervalMs: number): HistoryColumns {
  if (history.resolution === 'raw') {
    const places = history.items.map((echo) => placeOfEcho(echo, intervalMs))
    return markDark(joined(places, { reachMs: REACH * intervalMs, notMeasured: 1 }))
  }
  const widthMs = history.bucket_seconds * 1000
  const places = history.items.map((bucket) => placeOfBucket(bucket, widthMs))
  return joined(places, { reachMs: REACH * Math.max(widthMs, intervalMs), notMeasured: 0 })
}

export function fateOf(columns: HistoryColumns, i: number): Fate {
  const [sent, lost] = [columns.sent[i] ?? 0, columns.lost[i] ?? 0]
  if (sent === 0) return (columns.notMeasured[i] ?? 0) > 0 ? 'unmeasured' : 'empty'
  if (lost === 0) return 'answered'
  return columns.isDark[i] ? 'dark' : 'lossy'
}

/** The place in which this time lies; undefined where nothing was to be measured. */
export function placeAt({ from, until }: HistoryColumns, ms: number): number | undefined {
  const place = from.findLastIndex((start) => start <= ms)
  return place >= 0 && ms < (until[place] ?? 0) ? place : undefined
}

function joined(places: Place[], gap: { reachMs: number; notMeasured: number }): HistoryColumns {
  const columns = noColumns()
  let before: Place | undefined
  for (const place of places) {
    if (before && place.from - before.from > gap.reachMs) {
      add(columns, hole(before.until, place.from, gap.notMeasured))
    }
    add(columns, place)
    before = place
  }
  return columns
}

// Of single echoes one loss is no outage yet.
function markDark(columns: HistoryColumns): HistoryColumns {
  let losses = 0
  for (const [i, lost] of columns.lost.entries()) {
    losses = lost > 0 ? losses + 1 : 0
    if (losses === DEFAULT_THRESHOLDS.darkAfterLosses) columns.isDark.fill(true, i + 1 - losses, i)
    columns.isDark[i] = losses >= DEFAULT_THRESHOLDS.darkAfterLosses
  }
  return columns
}

function add(columns: HistoryColumns, place: Place): void {
  columns.x.push(place.x)
  columns.from.push(place.from)
  columns.until.push(place.until)
  columns.min.push(place.min)
  columns.p50.push(place.p50)
  columns.p95.push(place.p95)
  columns.p99.push(place.p99)
  columns.max.push(place.max)
  columns.sent.push(place.sent)
  columns.lost.push(place.lost)
  columns.notMeasured.push(place.notMeasured)
  columns.isDark.push(place.isDark)
}

function placeOfEcho({ at, rtt_ms: ms }: MeasuredEcho, intervalMs: number): Place {
  const from = Date.parse(at)
  const roundTrips = { min: ms, p50: ms, p95: ms, p99: ms, max: ms }
  const counts = { sent: 1, lost: ms === null ? 1 : 0, notMeasured: 0, isDark: false }
  return { x: from, from, until: from + intervalMs, ...roundTrips, ...counts }
}

function placeOfBucket(bucket: Bucket, widthMs: number): Place {
  const from = Date.parse(bucket.at)
  const until = (Math.floor(from / widthMs) + 1) * widthMs
  return {
    x: (from + until) / 2,
    from,
    until,
    min: bucket.min_ms,
    p50: bucket.p50_ms,
    p95: bucket.p95_ms,
    p99: bucket.p99_ms,
    max: bucket.max_ms,
    sent: bucket.sent,
    lost: bucket.lost,
    notMeasured: bucket.not_measured,
    isDark: bucket.lost === bucket.sent,
  }
}

function hole(from: number, until: number, notMeasured: number): Place {
  const none = { min: null, p50: null, p95: null, p99: null, max: null }
  return {
    x: (from + until) / 2,
    from,
    until,
    ...none,
    sent: 0,
    lost: 0,
    notMeasured,
    isDark: false,
  }
}
