// Reads the marks of a group.
import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import { marks, users } from '#lib/db/schema.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import { type Mark, type Marks, MOST_MARKS } from './contract.ts'

/** All marks of the group, the latest first. */
export async function listMarks(ctx: Ctx, { groupId }: InGroup): Promise<Marks> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return { items: await readMarks(ctx.db, group.id), next_cursor: null }
}

/** The group's marks, or those of them with these ids. Callers have checked the right to the group. */
export async function readMarks(
  db: Pick<Db, 'select'>,
  groupId: string,
  ids?: string[],
): Promise<Mark[]> {
  const isMeant = ids && inArray(marks.id, ids)
  const rows = await db
    .select({
      id: marks.id,
      at: marks.at,
      text: marks.text,
      madeAt: marks.madeAt,
      by: { id: users.id, employee_no: users.employeeNo, name: users.name },
    })
    .from(marks)
    .innerJoin(users, eq(users.id, marks.madeBy))
    .where(and(eq(marks.groupId, groupId), isNull(marks.deletedAt), isMeant))
    .orderBy(desc(marks.at), desc(marks.id))
    .limit(MOST_MARKS)
  return rows.map(({ id, at, text, madeAt, by }) => ({
    id,
    at: at.toISOString(),
    text,
    made_by: by,
    made_at: madeAt.toISOString(),
  }))
}
