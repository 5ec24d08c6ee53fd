// Starts and stops targets: state and runs change together, and watchers are told.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import type { Tx } from '#lib/db/client.ts'
import { announceRoster, announceTargets } from './announce.ts'
import type { AddedTarget } from './contract.ts'
import { checkPackets } from './limits.ts'
import { closeRuns, openRuns } from './runs.ts'

type Inner = Ctx & { tx: Tx }
type Locked = { id: string; ownerId: string }

/**
 * Starts those of the group's targets that do not run, or of `targetIds` alone; gives those that
 * it started. Throws `conflict` above a limit of packets.
 */
export async function startTargets(
  ctx: Inner,
  group: Locked,
  targetIds?: string[],
): Promise<AddedTarget[]> {
  const rows = await ctx.tx.execute<AddedTarget>(sql`
    update targets set state = 'running', stopped_by = null
    where ${isMeant(group.id, targetIds)} and state <> 'running'
    returning id, n, host, label`)
  if (rows.length === 0) return []
  await openRuns(ctx.tx, idsOf(rows))
  await checkPackets(ctx, group)
  return await announced(ctx, group.id, rows)
}

/** Stops those of the group's targets that run or are parked, or of `targetIds` alone; gives those. */
export async function stopTargets(
  ctx: Inner,
  group: Locked,
  targetIds?: string[],
): Promise<AddedTarget[]> {
  const rows = await ctx.tx.execute<AddedTarget>(sql`
    update targets set state = 'stopped', stopped_by = 'person'
    where ${isMeant(group.id, targetIds)} and state <> 'stopped'
    returning id, n, host, label`)
  if (rows.length === 0) return []
  await closeRuns(ctx.tx, idsOf(rows))
  return await announced(ctx, group.id, rows)
}

function isMeant(groupId: string, targetIds: string[] | undefined) {
  const isListed = targetIds && sql`and id = any(${sql.param(targetIds)}::uuid[])`
  return sql`group_id = ${groupId} and deleted_at is null ${isListed ?? sql``}`
}

async function announced(
  ctx: Inner,
  groupId: string,
  rows: readonly AddedTarget[],
): Promise<AddedTarget[]> {
  await announceTargets(
    ctx,
    groupId,
    rows.map(({ n }) => n),
  )
  await announceRoster(ctx, groupId)
  return rows.toSorted((a, b) => a.n - b.n)
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id)
}
