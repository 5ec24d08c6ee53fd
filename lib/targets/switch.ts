// Starts and stops targets: one, some, or all that a group has; states and runs in step.
import { sql } from 'drizzle-orm'
import type { TxCtx } from '#lib/auth/context.ts'
import type { LockedGroup } from '#lib/auth/group-access.ts'
import type { Tx } from '#lib/db/client.ts'
import { announceRoster, announceTargets } from './announce.ts'
import type { AddedTarget } from './contract.ts'
import { checkLimits, checkPackets } from './limits.ts'
import { moveToCurrentProbes } from './probes.ts'
import { closeRuns, openRuns } from './runs.ts'

/**
 * Starts those of the group's targets that do not run, or of `targetIds` alone; gives those that
 * it started. Throws `conflict` above a limit of packets.
 */
export async function startTargets(
  ctx: TxCtx,
  group: LockedGroup,
  targetIds?: string[],
): Promise<AddedTarget[]> {
  const started = await ctx.tx.execute<AddedTarget>(sql`
    update targets set state = 'running', stopped_by = null
    where ${isMeant(group.id, targetIds)} and state <> 'running'
    returning id, n, host, label`)
  if (started.length === 0) return []
  await openRuns(ctx.tx, started)
  await checkPackets(ctx, group)
  await announceSwitch(ctx, group.id, started)
  return byNumber(started)
}

/** Stops those of the group's targets that run or are parked, or of `targetIds` alone; gives those. */
export async function stopTargets(
  ctx: TxCtx,
  group: LockedGroup,
  targetIds?: string[],
): Promise<AddedTarget[]> {
  const stopped = await ctx.tx.execute<AddedTarget>(sql`
    update targets set state = 'stopped', stopped_by = 'person'
    where ${isMeant(group.id, targetIds)} and state <> 'stopped'
    returning id, n, host, label`)
  if (stopped.length === 0) return []
  await closeRuns(ctx.tx, stopped)
  await announceSwitch(ctx, group.id, stopped)
  return byNumber(stopped)
}

/** Ends all runs of a group; the targets keep their state, so that `resumeRuns` knows which ran. */
export async function suspendRuns({ tx }: TxCtx, group: LockedGroup): Promise<void> {
  await closeRuns(tx, await readRunning(tx, group.id))
}

/** Begins the runs that `suspendRuns` ended. Throws `conflict` above a limit. */
export async function resumeRuns(ctx: TxCtx, group: LockedGroup): Promise<void> {
  await openRuns(ctx.tx, await readRunning(ctx.tx, group.id))
  await checkLimits(ctx, group)
}

/**
 * After a change of the group's parameters: every target gets another probe, those that run a new
 * run. Throws `conflict` above a limit of packets, but lets a slower interval pass even there.
 */
export async function renewRuns(
  ctx: TxCtx,
  group: LockedGroup,
  { isSlower }: { isSlower: boolean },
): Promise<void> {
  const moved = await moveToCurrentProbes(ctx.tx, group.id)
  if (moved.length === 0) return
  const running = moved.filter(({ state }) => state === 'running')
  await closeRuns(ctx.tx, running)
  await openRuns(ctx.tx, running)
  if (!isSlower) await checkPackets(ctx, group)
  await announceSwitch(ctx, group.id, moved)
}

function isMeant(groupId: string, targetIds: string[] | undefined) {
  const isListed = targetIds && sql`and id = any(${sql.param(targetIds)}::uuid[])`
  return sql`group_id = ${groupId} and deleted_at is null ${isListed ?? sql``}`
}

async function readRunning(tx: Tx, groupId: string): Promise<{ id: string }[]> {
  return await tx.execute<{ id: string }>(sql`
    select id from targets
    where group_id = ${groupId} and deleted_at is null and state = 'running'`)
}

async function announceSwitch(
  ctx: TxCtx,
  groupId: string,
  switched: readonly { n: number }[],
): Promise<void> {
  await announceTargets(ctx, groupId, switched)
  await announceRoster(ctx, groupId)
}

function byNumber(targets: readonly AddedTarget[]): AddedTarget[] {
  return targets.toSorted((a, b) => a.n - b.n)
}
