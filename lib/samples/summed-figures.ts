// Counts long and old windows from summaries, and from results at their edges.
import type { Db } from '#lib/db/client.ts'
import { tooMuch } from './counting.ts'
import { ALL_SUMMED, coverOf, SLOT_US } from './cover.ts'
import { type Counted, createFigures } from './figures.ts'
import { readParts } from './part-reader.ts'
import { newSum } from './running-sum.ts'
import { missingIn, type Part, type Parts } from './runs.ts'
import { createHistogram } from './spread.ts'

/** Adding up takes a few seconds. */
const MOST_SLOTS = 2_000_000
/** As many as are held in memory at once. */
const SLOTS_AT_ONCE = 10_000

/**
 * The same figures as `countEchoes`, with percentiles within 2 %. Throws `invalid` where there is
 * too much to add up.
 */
export async function countSummaries(tx: Pick<Db, 'execute'>, parts: Parts): Promise<Counted> {
  const spread = createHistogram()
  const figures = createFigures(spread)
  for (const batch of batchesOf(parts)) {
    const add = await readParts(tx, [...batch.values()].flat())
    for (const [n, of] of batch) {
      const sum = newSum(spread)
      const missing = of.map((part) => missingIn(part, add(sum, part)))
      figures.add(n, sum, missing)
    }
  }
  return figures.counted()
}

function batchesOf(parts: Parts): Map<number, readonly Part[]>[] {
  const batches: Map<number, readonly Part[]>[] = []
  let [total, held] = [0, SLOTS_AT_ONCE]
  for (const [n, of] of parts) {
    const count = of.reduce((sum, part) => sum + countSlots(part), 0)
    if (held >= SLOTS_AT_ONCE) {
      batches.push(new Map())
      held = 0
    }
    batches.at(-1)?.set(n, of)
    held += count
    total += count
  }
  if (total > MOST_SLOTS) throw tooMuch()
  return batches
}

// Results take about a tenth of what a slot takes.
function countSlots(part: Part): number {
  return coverOf(part, ALL_SUMMED).reduce((sum, { level, fromUs, toUs }) => {
    const each = level === 'sample' ? part.pace.intervalUs * 10 : SLOT_US[level]
    return sum + (toUs - fromUs) / each
  }, 0)
}
