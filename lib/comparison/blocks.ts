// Cuts a window into equal blocks and counts each, for every target or for all together.
import type { SQL } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Figures } from '#lib/samples/contract.ts'
import { countFinest } from '#lib/samples/finest.ts'
import type { Retention } from '#lib/samples/retention.ts'
import type { Placing } from '#lib/samples/runs.ts'
import type { Period } from '#lib/samples/spans.ts'

type Asked = {
  /** A set of `id` and `n`. */
  targets: SQL
  period: Period
  retention: Retention
  /** How many blocks the window is cut into. */
  count: number
  isByTarget: boolean
}

/** In which of the window's blocks it lies, from 0, and its figures. */
type CountedBlock = { place: number; figures: Figures }

export type Blocks = {
  /** By the numbers of the targets; by 0 where they were counted together. */
  byN: ReadonlyMap<number, CountedBlock[]>
  all: Figures
  blockMinutes: number
}

/**
 * The blocks in which anything was sent, in their order. Told by summaries, a block holds the minutes
 * or hours that begin in it.
 */
export async function countBlocks(
  tx: Pick<Db, 'execute'>,
  { targets, period, retention, count, isByTarget }: Asked,
): Promise<Blocks> {
  const grid = gridOf(period, count, isByTarget)
  const placing = inBlocks(grid)
  const { all, byN: byKey } = await countFinest(tx, { targets, period, retention, placing })
  const byN = new Map<number, CountedBlock[]>()
  for (const [key, figures] of [...byKey].sort(([a], [b]) => a - b)) {
    if (key < count || figures.sent === 0) continue
    const n = isByTarget ? Math.floor(key / count) : 0
    const blocks = byN.get(n) ?? []
    byN.set(n, blocks)
    blocks.push({ place: key % count, figures })
  }
  return { all, byN, blockMinutes: grid.widthMs / 60_000 }
}

/** A target's blocks have the keys from `n * count` on, so that 0 is left to all of them. */
type Grid = { fromMs: number; widthMs: number; count: number; isByTarget: boolean }

function gridOf({ from, to }: Period, count: number, isByTarget: boolean): Grid {
  // An empty window holds nothing to place.
  const widthMs = Math.max(1, to.getTime() - from.getTime()) / count
  return { fromMs: from.getTime(), widthMs, count, isByTarget }
}

function inBlocks({ fromMs, widthMs, count, isByTarget }: Grid): Placing {
  const placeOf = (ms: number) =>
    Math.min(count - 1, Math.max(0, Math.floor((ms - fromMs) / widthMs)))
  return (n, startMs, endMs) => {
    const [first, last] = [placeOf(startMs), placeOf(endMs)]
    return Array.from({ length: last - first + 1 }, (_, i) => ({
      n: (isByTarget ? n : 1) * count + first + i,
      fromMs: Math.max(startMs, fromMs + (first + i) * widthMs),
      toMs: i === last - first ? endMs : fromMs + (first + i + 1) * widthMs,
    }))
  }
}
