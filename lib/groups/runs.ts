// Ends, resumes and renews all runs of a group at once.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import type { Tx } from '#lib/db/client.ts'
import { announceRoster, announceTargets } from '#lib/targets/announce.ts'
import { checkCounts, checkPackets } from '#lib/targets/limits.ts'
import { moveToCurrentProbes } from '#lib/targets/probes.ts'
import { closeRuns, openRuns } from '#lib/targets/runs.ts'

type Inner = Ctx & { tx: Tx }
type Locked = { id: string; ownerId: string }

/** Ends the runs; the targets keep their state, so that `resumeRuns` knows which of them ran. */
export async function suspendRuns(tx: Tx, groupId: string): Promise<void> {
  await closeRuns(tx, await readRunning(tx, groupId))
}

/** Begins runs for the targets that ran when the group was deleted. Throws `conflict` above a limit. */
export async function resumeRuns(ctx: Inner, group: Locked): Promise<void> {
  await openRuns(ctx.tx, await readRunning(ctx.tx, group.id))
  await checkCounts(ctx, group)
  await checkPackets(ctx, group)
}

/**
 * After a change of parameters: every target gets another probe, those that run a new run. Throws
 * `conflict` above a limit of packets, but lets a slower interval pass even there.
 */
export async function moveRuns(
  ctx: Inner,
  group: Locked,
  { isSlower }: { isSlower: boolean },
): Promise<void> {
  const moved = await moveToCurrentProbes(ctx.tx, group.id)
  if (moved.length === 0) return
  const running = moved.filter(({ state }) => state === 'running').map(({ id }) => id)
  await closeRuns(ctx.tx, running)
  await openRuns(ctx.tx, running)
  if (!isSlower) await checkPackets(ctx, group)
  await announceTargets(
    ctx,
    group.id,
    moved.map(({ n }) => n),
  )
  await announceRoster(ctx, group.id)
}

async function readRunning(tx: Tx, groupId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from targets
    where group_id = ${groupId} and deleted_at is null and state = 'running'`)
  return rows.map(({ id }) => id)
}
