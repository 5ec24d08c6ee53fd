// Who may do what: the table of rights, and the checks that stand first in every verb.
import { AppError } from '#lib/errors.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import type { Actor, UserActor } from './context.ts'

/** What somebody is to one group. */
export type Standing = 'owner' | 'editor' | 'viewer' | 'passer-by' | 'link' | 'worker' | 'stranger'

/**
 * What each standing may do with a group: a viewer sees it, an editor also changes its targets and
 * parameters, an owner also shares and deletes it. Administrators look after accounts; to other
 * people's groups they are what any account is.
 */
export const ROLE_OF: Record<Standing, GroupRole | undefined> = {
  owner: 'owner',
  editor: 'editor',
  viewer: 'viewer',
  /** Any account, where the group is public. */
  'passer-by': 'viewer',
  /** Whoever holds a read-only link, in its one group. */
  link: 'viewer',
  worker: 'owner',
  stranger: undefined,
}

const RANK: Record<GroupRole, number> = { viewer: 1, editor: 2, owner: 3 }

/** Whether `role` may do what needs `needed`. */
export function includesRole(role: GroupRole, needed: GroupRole): boolean {
  return RANK[role] >= RANK[needed]
}

/** What `actor` is to the group; `membership` is the role somebody gave them in it. */
export function standingIn(
  actor: Actor,
  group: { id: string; ownerId: string; visibility: 'private' | 'public' },
  membership: 'viewer' | 'editor' | null,
): Standing {
  if (actor.kind === 'worker') return 'worker'
  if (actor.kind === 'link') return actor.groupId === group.id ? 'link' : 'stranger'
  if (actor.kind === 'nobody') return 'stranger'
  if (actor.userId === group.ownerId) return 'owner'
  return membership ?? (group.visibility === 'public' ? 'passer-by' : 'stranger')
}

/** The signed-in person; throws `unauthenticated` for anybody else. */
export function requireUser({ actor }: { actor: Actor }): UserActor {
  if (actor.kind !== 'user') throw new AppError('unauthenticated', 'Sign in, then try again.')
  return actor
}

/** The signed-in administrator; throws `unauthenticated`, or `forbidden` for other people. */
export function requireAdmin(ctx: { actor: Actor }): UserActor {
  const actor = requireUser(ctx)
  if (actor.role !== 'admin') throw new AppError('forbidden', 'Only administrators may do this.')
  return actor
}
