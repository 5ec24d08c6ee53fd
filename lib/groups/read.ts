// Reads groups: one, those a person may see, and the cards on their wall.
import { and, asc, desc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { ROLE_OF, requireUser, standingIn } from '#lib/auth/access.ts'
import type { Actor, Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { cards, groups, memberships, targets, users } from '#lib/db/schema.ts'
import { type Page, toPage } from '#lib/page.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import type { Group, GroupPage, GroupRole, MyGroup } from './contract.ts'
import { toParameters } from './parameters.ts'

/** More cards than this stand on nobody's wall. */
export const MAX_CARDS = 1_000

type Owner = Pick<typeof users.$inferSelect, 'id' | 'employeeNo' | 'name'>
type Row = { group: typeof groups.$inferSelect; owner: Owner; targetCount: number }
type MyRow = Row & { membership: 'viewer' | 'editor' | null }

/** The groups a person owns, was shared, or may see because they are public; the newest first. */
export async function listGroups(ctx: Ctx, { cursor, limit }: GroupPage): Promise<Page<MyGroup>> {
  const user = requireUser(ctx)
  const rows = await selectMine(ctx.db, user.userId)
    .where(and(isVisibleTo(user.userId), cursor ? lt(groups.id, cursor) : undefined))
    .orderBy(desc(groups.id))
    .limit(limit + 1)
  const mine = rows.flatMap((row) => toMyGroup(row, user))
  return toPage(mine, limit, ({ id }) => id)
}

/** One group, with the asking one's role. */
export async function showGroup(ctx: Ctx, { groupId }: InGroup): Promise<MyGroup> {
  const { group, role } = await requireGroup(ctx, groupId, 'viewer')
  return await readMyGroup(ctx.db, group.id, role)
}

/** A group that is there, or undefined. Callers have checked the right to it. */
export async function readGroup(db: Db | Tx, groupId: string): Promise<Group | undefined> {
  const [row] = await selectGroups(db).where(and(eq(groups.id, groupId), isNull(groups.deletedAt)))
  return row && toGroup(row)
}

/** The same with a role that the caller has found out in checking the right. */
export async function readMyGroup(db: Db | Tx, groupId: string, role: GroupRole): Promise<MyGroup> {
  const group = await readGroup(db, groupId)
  if (!group) throw new Error('A group that was just opened is not there.')
  return { ...group, role }
}

/** My wall, in my order; a group that was deleted, or that I no longer see, leaves no card. */
export async function listCards(ctx: Ctx): Promise<MyGroup[]> {
  const user = requireUser(ctx)
  const rows = await selectMine(ctx.db, user.userId)
    .innerJoin(cards, and(eq(cards.groupId, groups.id), eq(cards.userId, user.userId)))
    .where(isVisibleTo(user.userId))
    .orderBy(asc(cards.position), asc(groups.id))
    .limit(MAX_CARDS)
  return rows.flatMap((row) => toMyGroup(row, user))
}

const ROW = {
  group: groups,
  owner: { id: users.id, employeeNo: users.employeeNo, name: users.name },
  // Leans on the unique index (group_id, n).
  targetCount: sql<number>`(select count(*)::int from ${targets}
    where ${targets.groupId} = ${groups.id} and ${targets.deletedAt} is null)`,
}

function selectGroups(db: Db | Tx) {
  return db.select(ROW).from(groups).innerJoin(users, eq(users.id, groups.ownerId))
}

function selectMine(db: Db, userId: string) {
  const isMine = and(eq(memberships.groupId, groups.id), eq(memberships.userId, userId))
  return db
    .select({ ...ROW, membership: memberships.role })
    .from(groups)
    .innerJoin(users, eq(users.id, groups.ownerId))
    .leftJoin(memberships, isMine)
}

// The same rule as `standingIn`, for many groups at once; belongs to a query with my memberships.
function isVisibleTo(userId: string) {
  return and(
    isNull(groups.deletedAt),
    or(eq(groups.ownerId, userId), isNotNull(memberships.role), eq(groups.visibility, 'public')),
  )
}

function toMyGroup(row: MyRow, actor: Actor): MyGroup[] {
  const role = ROLE_OF[standingIn(actor, row.group, row.membership)]
  return role ? [{ ...toGroup(row), role }] : []
}

function toGroup({ group, owner, targetCount }: Row): Group {
  return {
    id: group.id,
    name: group.name,
    owner: { id: owner.id, employee_no: owner.employeeNo, name: owner.name },
    visibility: group.visibility,
    parameters: toParameters(group),
    target_count: targetCount,
    created_at: group.createdAt.toISOString(),
    updated_at: group.updatedAt.toISOString(),
  }
}
