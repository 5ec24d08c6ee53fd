// Puts groups on a person's wall and takes them off; the group itself stays as it is.
import { and, eq, sql } from 'drizzle-orm'
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { inTransaction, type Tx } from '#lib/db/client.ts'
import { cards } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import type { MyGroup } from './contract.ts'
import { MAX_CARDS, readMyGroup } from './read.ts'

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

/** Callers have checked the right to the group. Throws `conflict` where the wall is full. */
export async function putCardLast(tx: Tx, userId: string, groupId: string): Promise<void> {
  const [wall] = await tx.execute<{ count: number }>(sql`
    with put as (
      insert into cards (user_id, group_id, position)
      select ${userId}::uuid, ${groupId}::uuid, coalesce(max(position), 0) + 1 from cards
      where user_id = ${userId}
      on conflict do nothing
      returning 1
    )
    select count(*)::int + (select count(*)::int from put) as count from cards
    where user_id = ${userId}`)
  if (wall && wall.count > MAX_CARDS) {
    throw new AppError(
      'conflict',
      `At most ${MAX_CARDS} cards stand on a wall; take one off first.`,
    )
  }
}
