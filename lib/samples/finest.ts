// Counts a window from the finest data that is still there and can be counted in time.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { type Counted, countFigures, type Division } from './figures.ts'
import { type Retention, rawSince } from './retention.ts'
import { type Period, spansOf } from './spans.ts'
import type { RunTime } from './stretches.ts'
import { type Placing, type SlotLevel, sumFigures } from './summed-figures.ts'
import { moment } from './window.ts'

const DAY_MS = 86_400_000
/** Counted one by one in a second or two. */
export const MOST_RESULTS = 500_000
/** Of so short a window it is not asked how much it holds. */
const SHORT_MS = 600_000
/** A longer window is counted by hours. */
const MINUTES_MS = 2 * DAY_MS

/** How figures are told apart, for each of the two ways to count. */
export type Told = { division?: Division; placing?: Placing }

export type Finest = { targets: SQL; period: Period; retention: Retention; told?: Told }

/**
 * The figures of the set of `id` and `n` that `targets` is. Exact while samples last and are not too
 * many; else by summaries, exact but for percentiles, which are within 2 %.
 */
export async function countFinest(
  tx: Pick<Db, 'execute'>,
  { targets, period, retention, told = {} }: Finest,
): Promise<Counted> {
  const spans = spansOf(targets, period)
  const exactly = () => countFigures(tx, { spans, now: period.now, ...told })
  const since = rawSince(period.now, retention)
  const isShort = period.to.getTime() - period.from.getTime() <= SHORT_MS
  if (isShort && period.from >= since) return await exactly()
  const runs = await readRuns(tx, spans, period.now)
  const level = levelFor(extentOf(runs), period.now, retention)
  if (level === 'sample') return await exactly()
  return await sumFigures(tx, { runs, level, rawSince: since, ...told })
}

/** What is known of times in which something ran: from the first to the last, and all that was due. */
export type Extent = { fromMs: number; toMs: number; due: number }

/** The finest data of which the whole of it can be counted. */
export function levelFor(
  { fromMs, toMs, due }: Extent,
  now: Date,
  retention: Retention,
): SlotLevel | 'sample' {
  if (fromMs >= rawSince(now, retention).getTime() && due <= MOST_RESULTS) return 'sample'
  const minutesMs = now.getTime() - retention.MINUTE_RETENTION_DAYS * DAY_MS
  return fromMs >= minutesMs && toMs - fromMs <= MINUTES_MS ? 'minute' : 'hour'
}

/** Without any run it is as if all were known. */
export function extentOf(runs: readonly Omit<RunTime, 'n' | 'settledMs'>[]): Extent {
  return {
    fromMs: runs.reduce((least, run) => Math.min(least, run.fromMs), Number.POSITIVE_INFINITY),
    toMs: runs.reduce((most, run) => Math.max(most, run.toMs), 0),
    due: runs.reduce((sum, run) => sum + (run.toMs - run.fromMs) / run.intervalMs, 0),
  }
}

// What is to come holds nothing: runs end now.
async function readRuns(tx: Pick<Db, 'execute'>, spans: SQL, now: Date): Promise<RunTime[]> {
  const ms = (at: SQL) => sql`(extract(epoch from ${at}) * 1000)::float8`
  return await tx.execute<RunTime>(sql`
    select n, probe_id as "probeId", interval_ms as "intervalMs", ${ms(sql`starts_at`)} as "fromMs",
      ${ms(sql`least(ends_at, ${moment(now)})`)} as "toMs", ${ms(sql`settled_at`)} as "settledMs"
    from (${spans}) span where starts_at < ${moment(now)}`)
}
