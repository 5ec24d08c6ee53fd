// Changes groups and my wall: make, rename, set parameters, start, stop, delete, bring back.
import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from '#lib/audit/write.ts'
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx, TxCtx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { inTransaction } from '#lib/db/client.ts'
import { cards, groups } from '#lib/db/schema.ts'
import { addToGroup, readHosts, requireSome } from '#lib/targets/add.ts'
import { announceGroup, announceRemoval, announceRoster } from '#lib/targets/announce.ts'
import type { ChangedTargets, InGroup } from '#lib/targets/contract.ts'
import { streamOf } from '#lib/targets/stream.ts'
import {
  renewRuns,
  resumeRuns,
  startTargets,
  stopTargets,
  suspendRuns,
} from '#lib/targets/switch.ts'
import { putCardLast } from './cards.ts'
import type { CreatedGroup, GroupPatch, MyGroup, NewGroup } from './contract.ts'
import { findOwn, insertGroup } from './creation.ts'
import { toColumns, toParameters } from './parameters.ts'
import { readMyGroup } from './read.ts'

/** `isNew` is false where the same request had made the group before. */
export type Creation = { isNew: boolean; group: CreatedGroup }

/**
 * Makes a group with its first addresses and its card, all or nothing. The same id again by its
 * owner changes nothing. Throws `conflict` for an id that somebody else or a deleted group has, and
 * above a limit; `invalid` where hosts are given and none can be pinged.
 */
export async function createGroup(ctx: Ctx, input: NewGroup): Promise<Creation> {
  const { userId } = requireUser(ctx)
  const list = readHosts(ctx, input.hosts ?? [])
  if (list.skipped.length > 0) requireSome(list)
  const stream = streamOf(ctx.config)
  return await inTransaction(ctx, async (inner) => {
    const row = await insertGroup(inner.tx, userId, input)
    if (!row) {
      const group = await findOwn(inner.tx, userId, input.id)
      return { isNew: false, group: { ...group, added: [], skipped: [], stream } }
    }
    await putCardLast(inner.tx, userId, row.id)
    const { added, skipped } = await addToGroup(inner, row, list)
    const facts = { name: row.name, targets: added.length }
    await recordAudit(inner.tx, ctx.actor, 'group.created', row.id, facts)
    const group = await readMyGroup(inner.tx, row.id, 'owner')
    return { isNew: true, group: { ...group, added, skipped, stream } }
  })
}

/**
 * Renames the group, or gives it other ping parameters: its running targets then begin new runs.
 * What is as it should be stays untouched. Throws `conflict` above a limit of packets.
 */
export async function patchGroup(ctx: Ctx, input: InGroup & GroupPatch): Promise<MyGroup> {
  return await inTransaction(ctx, async (inner) => {
    const { group, role } = await requireGroup(inner, input.groupId, 'editor')
    const before = { name: group.name, ...toParameters(group) }
    const after = { ...before, ...(input.name && { name: input.name }), ...input.parameters }
    const { name, ...parameters } = after
    if (JSON.stringify(after) === JSON.stringify(before)) {
      return await readMyGroup(inner.tx, group.id, role)
    }
    await inner.tx
      .update(groups)
      .set({ name, ...toColumns(parameters), updatedAt: sql`clock_timestamp()` })
      .where(eq(groups.id, group.id))
    const isSlower = after.interval_ms > before.interval_ms
    if (input.parameters) await renewRuns(inner, group, { isSlower })
    await announceGroup(inner, group.id)
    await recordAudit(inner.tx, ctx.actor, 'group.changed', group.id, { before, after })
    return await readMyGroup(inner.tx, group.id, role)
  })
}

/** Takes the group away from everybody and ends its pings; `restoreGroup` brings it back. */
export async function deleteGroup(ctx: Ctx, { groupId }: InGroup): Promise<void> {
  await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, groupId, 'owner')
    await inner.tx
      .update(groups)
      .set({ deletedAt: sql`clock_timestamp()` })
      .where(eq(groups.id, group.id))
    await suspendRuns(inner, group)
    await announceRemoval(inner, group.id)
    await announceRoster(inner, group.id)
    await recordAudit(inner.tx, ctx.actor, 'group.deleted', group.id, { name: group.name })
  })
}

/**
 * Brings a deleted group back to its owner and whomever it was shared with; what ran when it was
 * deleted runs again. One that is there is left as it is. Throws `conflict` above a limit.
 */
export async function restoreGroup(ctx: Ctx, { groupId }: InGroup): Promise<MyGroup> {
  const { userId } = requireUser(ctx)
  return await inTransaction(ctx, async (inner) => {
    const [group] = await inner.tx
      .update(groups)
      .set({ deletedAt: null, updatedAt: sql`clock_timestamp()` })
      .where(and(eq(groups.id, groupId), eq(groups.ownerId, userId), isDeleted()))
      .returning()
    if (!group) {
      const present = await requireGroup(inner, groupId, 'owner')
      return await readMyGroup(inner.tx, present.group.id, present.role)
    }
    await resumeRuns(inner, group)
    await announceGroup(inner, group.id)
    await announceRoster(inner, group.id)
    await recordAudit(inner.tx, ctx.actor, 'group.restored', group.id, { name: group.name })
    return await readMyGroup(inner.tx, group.id, 'owner')
  })
}

/** Starts every target that does not run; gives those. Throws `conflict` above a limit of packets. */
export async function startGroup(ctx: Ctx, { groupId }: InGroup): Promise<ChangedTargets> {
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, groupId, 'editor')
    const started = await startTargets(inner, group)
    await recordSwitch(inner, 'group.started', group.id, started.length)
    return { targets: started, skipped: [] }
  })
}

/** Stops every target that runs; gives those. */
export async function stopGroup(ctx: Ctx, { groupId }: InGroup): Promise<ChangedTargets> {
  return await inTransaction(ctx, async (inner) => {
    const { group } = await requireGroup(inner, groupId, 'editor')
    const stopped = await stopTargets(inner, group)
    await recordSwitch(inner, 'group.stopped', group.id, stopped.length)
    return { targets: stopped, skipped: [] }
  })
}

/** Puts a group that I may see at the end of my wall; one that stands there already keeps its place. */
export async function putCard(ctx: Ctx, { groupId }: InGroup): Promise<MyGroup> {
  const { userId } = requireUser(ctx)
  return await inTransaction(ctx, async (inner) => {
    const { group, role } = await requireGroup(inner, groupId, 'viewer')
    await putCardLast(inner.tx, userId, group.id)
    return await readMyGroup(inner.tx, group.id, role)
  })
}

/** Takes the group off my wall. Nothing tells whether it was there, or is at all. */
export async function removeCard(ctx: Ctx, { groupId }: InGroup): Promise<void> {
  const { userId } = requireUser(ctx)
  await ctx.db.delete(cards).where(and(eq(cards.userId, userId), eq(cards.groupId, groupId)))
}

async function recordSwitch(
  { tx, actor }: TxCtx,
  action: string,
  groupId: string,
  count: number,
): Promise<void> {
  if (count > 0) await recordAudit(tx, actor, action, groupId, { count })
}

function isDeleted() {
  return sql`${groups.deletedAt} is not null`
}
