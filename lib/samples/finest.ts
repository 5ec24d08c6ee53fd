// Counts a window from the finest data that is still there and can be counted in time.
import type { SQL } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { countEchoes } from './counted-echoes.ts'
import { SLOT_US } from './cover.ts'
import type { Counted } from './figures.ts'
import { keptAt, type Retention } from './retention.ts'
import { type Placing, partsOf, type RunTime, readRuns } from './runs.ts'
import type { Period } from './spans.ts'
import { countSummaries } from './summed-figures.ts'

const DAY_MS = 86_400_000
/** Counted one by one in half a second. */
export const MOST_RESULTS = 500_000
/** A longer window is told by hours. */
const MINUTES_MS = 2 * DAY_MS

/** `placing` tells parts of a target apart, such as buckets. */
export type Finest = { targets: SQL; period: Period; retention: Retention; placing?: Placing }

/**
 * The figures of the set of `id` and `n` that `targets` is. Exact while samples last and are not too
 * many; else by summaries, exact but for percentiles, which are within 2 %.
 *
 * Due in a part of a run are its time ÷ interval, rounded down, without what is not settled yet;
 * results of that time that came already are counted as due.
 *
 * An outage lasts from the first lost echo of a row of losses to the next echo, if that was
 * answered, else to one interval after the last loss, at most to the end of the part: what was not
 * measured lengthens no outage, and two outages with such a hole between are two.
 */
export async function countFinest(
  tx: Pick<Db, 'execute'>,
  { targets, period, retention, placing }: Finest,
): Promise<Counted> {
  const { now } = period
  const runs = await readRuns(tx, targets, period)
  const level = levelFor(extentOf(runs, now), now, retention)
  if (level === 'sample') return await countEchoes(tx, partsOf(runs, { now, placing }))
  const summed = { kept: keptAt(now, retention), slotUs: SLOT_US[level] }
  return await countSummaries(tx, partsOf(runs, { now, placing, summed }))
}

/** What is known of times in which something ran: from the first to the last, and all that was due. */
export type Extent = { fromMs: number; toMs: number; due: number }

export type FinestLevel = 'sample' | 'minute' | 'hour'

/** The finest data of which the whole of it can be told. */
export function levelFor(
  { fromMs, toMs, due }: Extent,
  now: Date,
  retention: Retention,
): FinestLevel {
  const { rawSince, minutesSince } = keptAt(now, retention)
  if (fromMs >= rawSince.getTime() && due <= MOST_RESULTS) return 'sample'
  return fromMs >= minutesSince.getTime() && toMs - fromMs <= MINUTES_MS ? 'minute' : 'hour'
}

/** As far as it is over. Without any run it is as if all were known. */
export function extentOf(
  runs: readonly Pick<RunTime, 'fromUs' | 'toUs' | 'intervalMs'>[],
  now: Date,
): Extent {
  const extent = { fromMs: Number.POSITIVE_INFINITY, toMs: 0, due: 0 }
  for (const { fromUs, toUs, intervalMs } of runs) {
    const fromMs = fromUs / 1000
    const toMs = Math.max(fromMs, Math.min(toUs / 1000, now.getTime()))
    extent.fromMs = Math.min(extent.fromMs, fromMs)
    extent.toMs = Math.max(extent.toMs, toMs)
    extent.due += (toMs - fromMs) / intervalMs
  }
  return extent
}
