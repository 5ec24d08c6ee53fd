// Opens a group to whoever may: its row and their role, or the error they deserve.
import { and, eq, isNull, sql } from 'drizzle-orm'
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

export type AskedRoles = { actor: Actor; groupIds: string[] }

/** For each who asks: their roles in those of the groups that they may see. */
export async function readRoles(db: Db, asked: AskedRoles[]): Promise<Map<string, GroupRole>[]> {
  const known = await readStandings(db, asked)
  return asked.map(({ actor, groupIds }) => {
    const roles = new Map<string, GroupRole>()
    for (const groupId of groupIds) {
      const group = known.get(groupId)
      const userId = actor.kind === 'user' ? actor.userId : ''
      const role = group && ROLE_OF[standingIn(actor, group, group.members.get(userId) ?? null)]
      if (role) roles.set(groupId, role)
    }
    return roles
  })
}

/** Built fresh each time, so that nothing of a hidden group can cling to it. */
function noSuchGroup(): AppError {
  return new AppError('not_found', 'There is no such group, or none that you may see.')
}

async function findGroup({ actor, db, tx }: Asking, groupId: string, isLocking: boolean) {
  const userId = actor.kind === 'user' ? actor.userId : null
  const query = (tx ?? db)
    .select({ group: groups, membership: memberships.role })
    .from(groups)
    .leftJoin(
      memberships,
      and(eq(memberships.groupId, groups.id), sql`${memberships.userId} = ${userId}::uuid`),
    )
    .where(and(eq(groups.id, groupId), isNull(groups.deletedAt)))
  const [found] = await (isLocking ? query.for('no key update', { of: groups }) : query)
  return found
}

/** What decides everybody's standing in a group; of its members only those who ask. */
type Standings = Pick<typeof groups.$inferSelect, 'id' | 'ownerId' | 'visibility'> & {
  members: Map<string, 'viewer' | 'editor'>
}

async function readStandings(db: Db, asked: AskedRoles[]): Promise<Map<string, Standings>> {
  const groupIds = [...new Set(asked.flatMap((one) => one.groupIds))]
  const users = asked.flatMap(({ actor }) => (actor.kind === 'user' ? [actor.userId] : []))
  const known = new Map<string, Standings>()
  if (groupIds.length === 0) return known
  const isOfTheirs = sql`${memberships.userId} = any(${sql.param([...new Set(users)])}::uuid[])`
  const { id, ownerId, visibility } = groups
  const { userId, role } = memberships
  const rows = await db
    .select({ group: { id, ownerId, visibility }, member: { userId, role } })
    .from(groups)
    .leftJoin(memberships, and(eq(memberships.groupId, id), isOfTheirs))
    .where(and(sql`${id} = any(${sql.param(groupIds)}::uuid[])`, isNull(groups.deletedAt)))
  for (const { group, member } of rows) {
    const standings = known.get(group.id) ?? { ...group, members: new Map() }
    if (member) standings.members.set(member.userId, member.role)
    known.set(group.id, standings)
  }
  return known
}
