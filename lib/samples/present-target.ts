// The target that is asked about, as long as it stands in its group.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'

export type PresentTarget = { id: string; host: string; label: string }

/** Throws `not_found` where the group has no such target. Callers have checked the right to the group. */
export async function requirePresent(
  db: Pick<Db, 'execute'>,
  groupId: string,
  targetId: string,
): Promise<PresentTarget> {
  const [target] = await db.execute<PresentTarget>(sql`
    select id, host, label from targets
    where group_id = ${groupId} and id = ${targetId} and deleted_at is null`)
  if (!target) throw new AppError('not_found', 'There is no such target in this group.')
  return target
}
