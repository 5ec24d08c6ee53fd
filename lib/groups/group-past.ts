// Reads what is known of a group's rows within a period, as they were and as they are.
import { and, asc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import {
  groups,
  groupVersions,
  targetRuns,
  targets,
  targetVersions,
  users,
} from '#lib/db/schema.ts'
import { toParameters } from './parameters.ts'
import type { Faces, GroupFace, GroupPast, Run, TargetFace, TargetPast } from './roster.ts'

/** [from, to] */
export type Period = { from: Date; to: Date }

/** Enough to know the roster of any moment of the period. Callers have checked the right to the group. */
export async function readGroupPast(db: Db, groupId: string, period: Period): Promise<GroupPast> {
  const [group, found, versions, runs] = await Promise.all([
    readFaces(db, groupId, period),
    db.select().from(targets).where(eq(targets.groupId, groupId)),
    readVersions(db, groupId, period),
    readRuns(db, groupId, period),
  ])
  const pasts = found.map(
    (target): TargetPast => ({
      id: target.id,
      n: target.n,
      host: target.host,
      added_at: target.addedAt.toISOString(),
      faces: { now: toTargetFace(target), before: versions.get(target.id) ?? [] },
      runs: runs.get(target.id) ?? [],
    }),
  )
  return { id: groupId, ...group, targets: pasts }
}

const OWNER = { id: users.id, employeeNo: users.employeeNo, name: users.name }

async function readFaces(
  db: Db,
  groupId: string,
  { from }: Period,
): Promise<{ created_at: string; faces: Faces<GroupFace> }> {
  const [now] = await db
    .select({ group: groups, owner: OWNER })
    .from(groups)
    .innerJoin(users, eq(users.id, groups.ownerId))
    .where(eq(groups.id, groupId))
  if (!now) throw new Error('A group that was just opened is not there.')
  const before = await db
    .select({ group: groupVersions, owner: OWNER })
    .from(groupVersions)
    .innerJoin(users, eq(users.id, groupVersions.ownerId))
    .where(and(eq(groupVersions.groupId, groupId), gt(groupVersions.until, from)))
    .orderBy(asc(groupVersions.until))
  return {
    created_at: now.group.createdAt.toISOString(),
    faces: {
      now: toGroupFace(now),
      before: before.map((row) => ({
        untilMs: row.group.until.getTime(),
        face: toGroupFace(row),
      })),
    },
  }
}

type Changing = Pick<
  typeof targets.$inferSelect,
  'label' | 'position' | 'state' | 'stoppedBy' | 'deletedAt'
>

// Of what changed after the period the first is enough: it tells how the target stood at its end.
async function readVersions(db: Db, groupId: string, { from, to }: Period) {
  const isFirstAfter = sql`not exists (select from ${targetVersions} earlier
    where earlier.target_id = ${targetVersions.targetId} and earlier.until > ${to.toISOString()}
      and earlier.until < ${targetVersions.until})`
  const rows = await db
    .select({ version: targetVersions })
    .from(targetVersions)
    .innerJoin(targets, eq(targets.id, targetVersions.targetId))
    .where(
      and(
        eq(targets.groupId, groupId),
        gt(targetVersions.until, from),
        or(lte(targetVersions.until, to), isFirstAfter),
      ),
    )
    .orderBy(asc(targetVersions.until))
  return gathered(rows, ({ version }) => ({
    id: version.targetId,
    item: { untilMs: version.until.getTime(), face: toTargetFace(version) },
  }))
}

async function readRuns(db: Db, groupId: string, { from, to }: Period) {
  const rows = await db
    .select({ run: targetRuns })
    .from(targetRuns)
    .innerJoin(targets, eq(targets.id, targetRuns.targetId))
    .where(
      and(
        eq(targets.groupId, groupId),
        lte(targetRuns.startedAt, to),
        or(isNull(targetRuns.endedAt), gt(targetRuns.endedAt, from)),
      ),
    )
    .orderBy(asc(targetRuns.startedAt))
  return gathered(rows, ({ run }): { id: string; item: Run } => ({
    id: run.targetId,
    item: { fromMs: run.startedAt.getTime(), toMs: run.endedAt?.getTime() ?? null },
  }))
}

function gathered<Row, Item>(
  rows: readonly Row[],
  pick: (row: Row) => { id: string; item: Item },
): Map<string, Item[]> {
  const byId = new Map<string, Item[]>()
  for (const row of rows) {
    const { id, item } = pick(row)
    const those = byId.get(id)
    if (those) those.push(item)
    else byId.set(id, [item])
  }
  return byId
}

function toTargetFace({ label, position, state, stoppedBy, deletedAt }: Changing): TargetFace {
  const deletedMs = deletedAt?.getTime() ?? null
  return { label, position, state, stopped_by: stoppedBy, deletedMs }
}

type GroupRow = {
  group: Omit<typeof groupVersions.$inferSelect, 'groupId' | 'until'>
  owner: Pick<typeof users.$inferSelect, 'id' | 'employeeNo' | 'name'>
}

function toGroupFace({ group, owner }: GroupRow): GroupFace {
  return {
    name: group.name,
    owner: { id: owner.id, employee_no: owner.employeeNo, name: owner.name },
    visibility: group.visibility,
    parameters: toParameters(group),
    updated_at: group.updatedAt.toISOString(),
    deletedMs: group.deletedAt?.getTime() ?? null,
  }
}
