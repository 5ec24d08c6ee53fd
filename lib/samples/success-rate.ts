// Says how well a group and each of its targets answered in a window of time.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import type { Figures, RateWindow, SuccessRate, TargetFigures } from './contract.ts'
import { whileCounting } from './counting.ts'
import { NO_FIGURES } from './figures.ts'
import { countFinest } from './finest.ts'
import type { Retention } from './retention.ts'
import type { Period } from './spans.ts'

/**
 * The figures of the window [floor_time, floor_time + time_range) by the database's clock; of a time
 * to come, or before the group, they are empty. Throws `invalid` where the window holds more than
 * can be counted, `not_found` where the group has no such target.
 */
export async function showSuccessRate(
  ctx: Ctx,
  { groupId, floor_time, time_range, target_id }: InGroup & RateWindow,
): Promise<SuccessRate> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return await whileCounting(ctx.db, async (tx, now) => {
    const rangeMs = time_range * 1000
    const from = floor_time ?? new Date(now.getTime() - rangeMs)
    const period = { from, to: new Date(from.getTime() + rangeMs), now }
    const asked = { groupId: group.id, targetId: target_id, retention: ctx.config }
    const rates = await readRates(tx, asked, period)
    if (target_id !== undefined && rates.targets.length === 0) throw noSuchTarget()
    return { floor_time: from.toISOString(), time_range, ...rates.group, targets: rates.targets }
  })
}

type Rated = { groupId: string; targetId?: string | undefined; retention: Retention }

/**
 * The figures of the group's present targets, or of one, in the order of the wall: one that was
 * removed is not counted, one that was restored is, with all its runs. Callers have checked the
 * right to the group.
 */
export async function readRates(
  tx: Pick<Db, 'execute'>,
  { groupId, targetId, retention }: Rated,
  period: Period,
): Promise<{ group: Figures; targets: TargetFigures[] }> {
  const wanted = targetId === undefined ? sql`` : sql`and id = ${targetId}`
  const present = sql`targets where group_id = ${groupId} and deleted_at is null ${wanted}`
  const asked = { targets: sql`(select id, n from ${present})`, period, retention }
  const [targets, { all, byN }] = await Promise.all([
    tx.execute<{ id: string; n: number; host: string }>(
      sql`select id, n, host from ${present} order by position, n`,
    ),
    countFinest(tx, asked),
  ])
  return {
    group: all,
    targets: targets.map(({ id, n, host }) => ({ id, host, ...(byN.get(n) ?? NO_FIGURES) })),
  }
}

function noSuchTarget(): AppError {
  return new AppError('not_found', 'There is no such target in this group.')
}
