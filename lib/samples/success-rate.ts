// Says how well a group and each of its targets answered in a window of time.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import type { RateWindow, SuccessRate } from './contract.ts'
import { readFigures } from './figures.ts'
import { byIndex } from './read.ts'

/** Counting is given up after this; in it some tens of millions of results are counted. */
const LIMIT_MS = 15_000

/**
 * The figures of the window [floor_time, floor_time + time_range) by the database's clock; of a time
 * to come, or before the group, they are empty. Throws `invalid` where the window holds more than
 * can be counted.
 */
export async function showSuccessRate(
  ctx: Ctx,
  { groupId, floor_time, time_range }: InGroup & RateWindow,
): Promise<SuccessRate> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return await byIndex(ctx.db, async (tx) => {
    const now = await prepareCount(tx)
    const rangeMs = time_range * 1000
    const from = floor_time ?? new Date(now.getTime() - rangeMs)
    const period = { from, to: new Date(from.getTime() + rangeMs), now }
    const { group: all, targets } = await readFigures(tx, group.id, period).catch(tooMuch)
    return { floor_time: from.toISOString(), time_range, ...all, targets }
  })
}

// Gives the time; sorts of a hundred thousand results stay in memory.
async function prepareCount(tx: Pick<Db, 'execute'>): Promise<Date> {
  const [row] = await tx.execute<{ now: string }>(sql`
    select clock_timestamp() as now, set_config('work_mem', '32MB', true),
      set_config('statement_timeout', ${String(LIMIT_MS)}, true)`)
  if (!row) throw new Error('A query without a table answered no row.')
  return new Date(row.now)
}

function tooMuch(error: unknown): never {
  if (!isCanceled(error)) throw error
  const detail = 'The window holds more results than can be counted at once. Ask for a shorter one.'
  throw new AppError('invalid', detail, {
    cause: error,
    issues: [{ path: 'time_range', message: 'a shorter window' }],
  })
}

// SQLSTATE 57014, query_canceled: the statement's time was up. Drizzle wraps the driver's error.
function isCanceled(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === '57014'
}
