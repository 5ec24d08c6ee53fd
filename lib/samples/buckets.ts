// Counts a target's results in buckets of equal width, so that a year fits into a chart.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { countFinest } from './finest.ts'
import type { Bucket } from './history-contract.ts'
import type { Retention } from './retention.ts'
import type { Placing } from './runs.ts'
import type { Period } from './spans.ts'
import type { Bounds } from './window.ts'

/** `widthSeconds` are whole slots where samples are not there or too many (`levelFor`). */
type Asked = { widthSeconds: number; period: Period; retention: Retention }

/**
 * The figures of each bucket in which anything was due. Buckets begin at multiples of their width
 * since 1970, so that a moved window shows the same ones; the first and last are cut by the period.
 */
export async function readBuckets(
  tx: Pick<Db, 'execute'>,
  targetId: string,
  { widthSeconds, period, retention }: Asked,
): Promise<Bucket[]> {
  const targets = sql`(select id, 1 as n from targets where id = ${targetId})`
  const grid = gridOver(period, widthSeconds)
  const { byN } = await countFinest(tx, { targets, period, retention, placing: inGrid(grid) })
  return [...byN]
    .filter(([n, { sent, not_measured }]) => n > 0 && sent + not_measured > 0)
    .sort(([a], [b]) => a - b)
    .map(([n, figures]) => ({ at: beginningOf(grid, n - 1, period).toISOString(), ...figures }))
}

/** So many buckets of equal width, the first of which begins at `originMs`. */
export type Grid = { originMs: number; widthMs: number; count: number }

export function gridOver({ from, to }: Bounds, widthSeconds: number): Grid {
  const widthMs = widthSeconds * 1000
  const originMs = Math.floor(from.getTime() / widthMs) * widthMs
  return { originMs, widthMs, count: Math.ceil((to.getTime() - originMs) / widthMs) }
}

/** When the bucket with this place, from 0, begins within the bounds. */
export function beginningOf({ originMs, widthMs }: Grid, place: number, { from }: Bounds): Date {
  return new Date(Math.max(originMs + place * widthMs, from.getTime()))
}

/** Tells a target's buckets apart: place i from 0 of target n is n' = (n − 1) × count + i + 1. */
export function inGrid({ originMs, widthMs, count }: Grid): Placing {
  return (target, fromMs, toMs) => {
    const first = Math.floor((fromMs - originMs) / widthMs)
    const length = Math.ceil((toMs - originMs) / widthMs) - first
    return Array.from({ length }, (_, i) => ({
      n: (target - 1) * count + first + i + 1,
      fromMs: Math.max(fromMs, originMs + (first + i) * widthMs),
      toMs: Math.min(toMs, originMs + (first + i + 1) * widthMs),
    }))
  }
}
