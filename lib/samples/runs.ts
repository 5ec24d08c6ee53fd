// When targets ran within a period, and the parts of that time which figures are told of.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { type Kept, knownPart, type Time, up } from './cover.ts'
import type { Pace } from './running-sum.ts'
import { type Period, spansOf } from './spans.ts'

/** A time in which a target ran with one probe. */
export type RunTime = Time & {
  n: number
  probeId: number
  intervalMs: number
  /** What has no result until then was not measured. */
  settledUs: number
}

/** Of one run; `n` is the target's, or its own. */
export type Part = Omit<RunTime, 'intervalMs'> & { pace: Pace }

/** By `n`, those of each in the order of time. */
export type Parts = ReadonlyMap<number, readonly Part[]>

/** Where the figures of a time belong: to the target `n`, or to its buckets, each with an `n` of its own. */
export type Placing = (n: number, fromMs: number, toMs: number) => Place[]
export type Place = { n: number; fromMs: number; toMs: number }

/** The runs of a set of `id` and `n`, in order of `n`. */
export async function readRuns(
  tx: Pick<Db, 'execute'>,
  targets: SQL,
  period: Period,
): Promise<RunTime[]> {
  const us = (at: string) => sql`(extract(epoch from ${sql.raw(at)}) * 1000000)::float8`
  return await tx.execute<RunTime>(sql`
    select n, probe_id as "probeId", interval_ms as "intervalMs", ${us('starts_at')} as "fromUs",
      ${us('ends_at')} as "toUs", ${us('settled_at')} as "settledUs"
    from (${spansOf(targets, period)}) span`)
}

/** Told by summaries a part holds the slots that begin in it, as far as they are `kept` and over. */
export type Asked = {
  now: Date
  placing?: Placing | undefined
  summed?: { kept: Kept; slotUs: number }
}

export function partsOf(runs: readonly RunTime[], { now, placing, summed }: Asked): Parts {
  const nowUs = now.getTime() * 1000
  const parts = new Map<number, Part[]>()
  const places = placing ? runs.flatMap((run) => placed(run, placing, summed?.slotUs ?? 1)) : runs
  for (const { fromUs, toUs, intervalMs, ...rest } of places) {
    const over = { fromUs, toUs: Math.min(toUs, nowUs) }
    const time = summed ? knownPart(over, summed.kept) : { fromUs, toUs }
    if (!time) continue
    const pace = { intervalUs: intervalMs * 1000, endsAt: Math.min(time.toUs, nowUs) }
    const before = parts.get(rest.n)
    if (before) before.push({ ...rest, ...time, pace })
    else parts.set(rest.n, [{ ...rest, ...time, pace }])
  }
  for (const of of parts.values()) of.sort((a, b) => a.fromUs - b.fromUs)
  return parts
}

/**
 * How many echoes were due in a part beside those `measured`: its time ÷ interval, rounded down,
 * without what is not settled yet.
 */
export function missingIn({ fromUs, toUs, settledUs, pace }: Part, measured: number): number {
  const settled = Math.max(0, Math.min(toUs, settledUs) - fromUs)
  return Math.max(0, Math.floor(settled / pace.intervalUs) - measured)
}

function placed(run: RunTime, placing: Placing, slotUs: number): RunTime[] {
  const [fromMs, toMs] = [run.fromUs / 1000, run.toUs / 1000]
  return placing(run.n, fromMs, toMs)
    .map((place) => ({
      ...run,
      n: place.n,
      fromUs: place.fromMs > fromMs ? up(place.fromMs * 1000, slotUs) : run.fromUs,
      toUs: place.toMs < toMs ? Math.min(run.toUs, up(place.toMs * 1000, slotUs)) : run.toUs,
    }))
    .filter(({ fromUs, toUs }) => fromUs < toUs)
}
