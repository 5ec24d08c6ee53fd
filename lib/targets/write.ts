// Changes a group's targets: add, label, move, start, stop, remove, bring back.
import { eq, sql } from 'drizzle-orm'
import { recordAudit } from '#lib/audit/write.ts'
import type { Ctx, TxCtx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { inTransaction } from '#lib/db/client.ts'
import { targets } from '#lib/db/schema.ts'
import { addToGroup, readHosts, requireSome } from './add.ts'
import { announceGroup, announceRoster, announceTargets } from './announce.ts'
import type {
  AddedTargets,
  ChangedTargets,
  InGroup,
  InTarget,
  NewTargets,
  RestoreTargets,
  Target,
  TargetPatch,
} from './contract.ts'
import { rangesOf } from './ranges.ts'
import { requireTarget } from './read.ts'
import { restoreToGroup } from './restore.ts'
import { closeRuns } from './runs.ts'
import { streamOf } from './stream.ts'
import { startTargets, stopTargets } from './switch.ts'

/**
 * Adds the list in one transaction; what the group has already stands in `skipped`. Throws
 * `invalid` (with `skipped`) where nothing can be pinged or more than 10,000 addresses are sent,
 * `conflict` above a limit.
 */
export async function addTargets(ctx: Ctx, input: InGroup & NewTargets): Promise<AddedTargets> {
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, input.groupId, 'editor')
    const list = readHosts(ctx, input.hosts)
    requireSome(list)
    const { added, skipped } = await addToGroup(inner, group, list)
    await recordNumbers(inner, 'targets.added', group.id, added)
    return { added, skipped, stream: streamOf(ctx.config) }
  })
}

/** Changes what is given of one target; what is as it should be stays untouched. */
export async function patchTarget(ctx: Ctx, input: InTarget & TargetPatch): Promise<Target> {
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, input.groupId, 'editor')
    const before = await requireTarget(inner.tx, group.id, input.targetId)
    const { label = before.label, position = before.position, state } = input
    if (label !== before.label || position !== before.position) {
      await inner.tx.update(targets).set({ label, position }).where(eq(targets.id, before.id))
      await announceTargets(inner, group.id, [before])
    }
    if (state === 'running') await startTargets(inner, group, [before.id])
    if (state === 'stopped') await stopTargets(inner, group, [before.id])
    const after = await requireTarget(inner.tx, group.id, before.id)
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      const facts = { group_id: group.id, label, state: after.state, position }
      await recordAudit(inner.tx, ctx.actor, 'target.changed', before.id, facts)
    }
    return after
  })
}

/** Removes one target; it can be brought back. */
export async function deleteTarget(ctx: Ctx, input: InTarget): Promise<void> {
  await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, input.groupId, 'editor')
    const target = await requireTarget(inner.tx, group.id, input.targetId)
    await inner.tx.execute(sql`
      update targets set deleted_at = clock_timestamp() where id = ${target.id}`)
    await closeRuns(inner.tx, [target])
    await announceTargets(inner, group.id, [target])
    await announceGroup(inner, group.id)
    await announceRoster(inner, group.id)
    await recordNumbers(inner, 'targets.removed', group.id, [target])
  })
}

/**
 * Brings removed targets back to their places, in the state they had. Those whose address the
 * group has again meanwhile stand in `skipped`; those that are there already are left as they are.
 * Throws `not_found` where a target was never of this group, `conflict` above a limit.
 */
export async function restoreTargets(
  ctx: Ctx,
  input: InGroup & RestoreTargets,
): Promise<ChangedTargets> {
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, input.groupId, 'editor')
    const restored = await restoreToGroup(inner, group, input.target_ids)
    await recordNumbers(inner, 'targets.restored', group.id, restored.targets)
    return restored
  })
}

async function recordNumbers(
  { tx, actor }: TxCtx,
  action: string,
  groupId: string,
  touched: { n: number }[],
): Promise<void> {
  if (touched.length === 0) return
  const n = rangesOf(touched.map((target) => target.n))
  await recordAudit(tx, actor, action, groupId, { count: touched.length, n })
}
