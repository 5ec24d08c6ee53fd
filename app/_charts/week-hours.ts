// Folds hours of history into one week, to show what returns every day or every week.
import type { Bucket } from '#lib/samples/history-contract.ts'

/** All that was measured in one hour of one weekday; `avgMs` is null where nothing was answered. */
export type WeekHour = { sent: number; lost: number; notMeasured: number; avgMs: number | null }

const HOURS = 24
const DAYS = 7

/** A weekday from 0, Monday, and an hour, in the reader's time zone. */
export type WeekPlace = { day: number; hour: number }

export function placeOf(ms: number): WeekPlace {
  const date = new Date(ms)
  return { day: (date.getDay() + DAYS - 1) % DAYS, hour: date.getHours() }
}

/** Day after day from Monday, each with its 24 hours. `buckets` are no longer than an hour. */
export function foldIntoWeek(buckets: readonly Bucket[]): WeekHour[][] {
  const week = Array.from({ length: DAYS }, () =>
    Array.from({ length: HOURS }, () => ({ sent: 0, lost: 0, notMeasured: 0, sumMs: 0 })),
  )
  for (const { at, sent, lost, received, not_measured, avg_ms } of buckets) {
    const { day, hour } = placeOf(Date.parse(at))
    const cell = week[day]?.[hour]
    if (!cell) continue
    cell.sent += sent
    cell.lost += lost
    cell.notMeasured += not_measured
    cell.sumMs += (avg_ms ?? 0) * received
  }
  return week.map((hours) =>
    hours.map(({ sumMs, ...cell }) => {
      const received = cell.sent - cell.lost
      return { ...cell, avgMs: received > 0 ? sumMs / received : null }
    }),
  )
}

/** The least and most of what was answered; undefined where nothing was. */
export function spanOf(week: readonly WeekHour[][]): { low: number; high: number } | undefined {
  const answered = week.flat().flatMap(({ avgMs }) => (avgMs === null ? [] : [avgMs]))
  if (answered.length === 0) return undefined
  return { low: Math.min(...answered), high: Math.max(...answered) }
}
