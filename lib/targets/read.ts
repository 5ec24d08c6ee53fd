// Reads targets: all of a group, some by their small numbers, or page by page.
import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { targetRuns, targets } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { type Page, toPage } from '#lib/page.ts'
import type { InGroup, InTarget, Target, TargetPage } from './contract.ts'

type Row = typeof targets.$inferSelect & { runningSince: Date | null }

/** The group's targets in the order of the wall. Paged: `cursor` is the last answer's `next_cursor`. */
export async function listTargets(
  ctx: Ctx,
  { groupId, cursor, limit }: InGroup & TargetPage,
): Promise<Page<Target>> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  const rows = await selectTargets(ctx.db, and(isOfGroup(group.id), isAfter(cursor)), limit + 1)
  return toPage(rows, limit, ({ position, n }) => `${position}:${n}`)
}

/** All targets of a group, in the order of the wall. Callers have checked the right to the group. */
export async function readTargets(db: Db | Tx, groupId: string): Promise<Target[]> {
  return await selectTargets(db, isOfGroup(groupId))
}

/**
 * Those whose small number is in one of the inclusive ranges, and the ids of those that are no
 * longer there. Callers have checked the right to the group.
 */
export async function readTargetsByNumber(
  db: Db | Tx,
  groupId: string,
  ranges: [number, number][],
): Promise<{ targets: Target[]; removed: string[] }> {
  // A set to look up in: comparing each target with each of 5,000 ranges takes seconds.
  const isInRanges = sql`${targets.n} in (
    select generate_series(range.first, range.last)
    from unnest(${sql.param(ranges.map(([first]) => first))}::int[],
      ${sql.param(ranges.map(([, last]) => last))}::int[]) as range(first, last))`
  const gone = sql`${targets.deletedAt} is not null`
  const [living, removed] = await Promise.all([
    selectTargets(db, and(isOfGroup(groupId), isInRanges)),
    db
      .select({ id: targets.id })
      .from(targets)
      .where(and(eq(targets.groupId, groupId), gone, isInRanges)),
  ])
  return { targets: living, removed: removed.map(({ id }) => id) }
}

/** One target. Throws `not_found` where the group is hidden or has no such target. */
export async function showTarget(ctx: Ctx, { groupId, targetId }: InTarget): Promise<Target> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return await requireTarget(ctx.db, group.id, targetId)
}

/** Throws `not_found` where the group has no such target. Callers have checked the right to the group. */
export async function requireTarget(
  db: Db | Tx,
  groupId: string,
  targetId: string,
): Promise<Target> {
  const [found] = await selectTargets(db, and(isOfGroup(groupId), eq(targets.id, targetId)))
  if (!found) throw new AppError('not_found', 'There is no such target in this group.')
  return found
}

async function selectTargets(db: Db | Tx, where?: SQL, limit?: number): Promise<Target[]> {
  const isOpenRun = and(eq(targetRuns.targetId, targets.id), isNull(targetRuns.endedAt))
  const query = db
    .select({ target: targets, runningSince: targetRuns.startedAt })
    .from(targets)
    .leftJoin(targetRuns, isOpenRun)
    .where(where)
    .orderBy(asc(targets.position), asc(targets.n))
  const rows = await (limit === undefined ? query : query.limit(limit))
  return rows.map(({ target, runningSince }) => toTarget({ ...target, runningSince }))
}

function isOfGroup(groupId: string): SQL | undefined {
  return and(eq(targets.groupId, groupId), isNull(targets.deletedAt))
}

function isAfter(cursor: string | undefined): SQL | undefined {
  if (!cursor) return undefined
  const [position, n] = cursor.split(':')
  // As a number: PostgreSQL refuses digits that JavaScript rounds to zero.
  return sql`(${targets.position}, ${targets.n}) > (${Number(position)}::float8, ${n}::int)`
}

function toTarget(row: Row): Target {
  return {
    id: row.id,
    n: row.n,
    host: row.host,
    label: row.label,
    state: row.state,
    stopped_by: row.stoppedBy,
    position: row.position,
    added_at: row.addedAt.toISOString(),
    running_since: row.runningSince?.toISOString() ?? null,
  }
}
