// Opens a group to whoever may: its row and their role, or the error they deserve.
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { groups, memberships } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import { includesRole, ROLE_OF, standingIn } from './access.ts'
import type { Actor } from './context.ts'

/** Who asks, and on which road to the database; inside a transaction on its road. */
export type Asking = { actor: Actor; db: Db; tx?: Tx }
/** A group whose row this transaction has locked, as `requireGroup` does for all but viewers. */
export type LockedGroup = { id: string; ownerId: string }
export type OpenedGroup = { group: typeof groups.$inferSelect; role: GroupRole }

/**
 * The group and the asking one's role in it. Throws `not_found`, the same for missing, deleted and
 * hidden groups, and `forbidden` where the group is visible but `needed` is more than the role.
 * Inside a transaction that needs more than to see it, the row stays locked to the end, so that
 * nobody deletes or changes the group meanwhile.
 */
export async function requireGroup(
  ctx: Asking,
  groupId: string,
  needed: GroupRole,
): Promise<OpenedGroup> {
  const found = await findGroup(ctx, groupId, ctx.tx !== undefined && needed !== 'viewer')
  const role = found && ROLE_OF[standingIn(ctx.actor, found.group, found.membership)]
  if (!role) throw noSuchGroup()
  if (!includesRole(role, needed)) {
    throw new AppError('forbidden', `Your role in this group is ${role}; this needs ${needed}.`)
  }
  return { group: found.group, role }
}

/** The roles that the actor has in those of the groups that they may see. */
export async function readRoles(
  { actor, db }: Pick<Asking, 'actor' | 'db'>,
  groupIds: string[],
): Promise<Map<string, GroupRole>> {
  const roles = new Map<string, GroupRole>()
  if (groupIds.length === 0) return roles
  const isOneOfThem = sql`${groups.id} = any(${sql.param(groupIds)}::uuid[])`
  for (const { group, membership } of await findGroups(db, actor, isOneOfThem)) {
    const role = ROLE_OF[standingIn(actor, group, membership)]
    if (role) roles.set(group.id, role)
  }
  return roles
}

/** Built fresh each time, so that nothing of a hidden group can cling to it. */
function noSuchGroup(): AppError {
  return new AppError('not_found', 'There is no such group, or none that you may see.')
}

async function findGroup({ actor, db, tx }: Asking, groupId: string, isLocking: boolean) {
  const query = findGroups(tx ?? db, actor, eq(groups.id, groupId))
  const [found] = await (isLocking ? query.for('no key update', { of: groups }) : query)
  return found
}

function findGroups(db: Db | Tx, actor: Actor, which: SQL) {
  const userId = actor.kind === 'user' ? actor.userId : null
  return db
    .select({ group: groups, membership: memberships.role })
    .from(groups)
    .leftJoin(
      memberships,
      and(eq(memberships.groupId, groups.id), sql`${memberships.userId} = ${userId}::uuid`),
    )
    .where(and(which, isNull(groups.deletedAt)))
}
