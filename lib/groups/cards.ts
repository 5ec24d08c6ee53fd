// Where a card stands on a person's wall.
import { sql } from 'drizzle-orm'
import type { Tx } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { MAX_CARDS } from './read.ts'

/**
 * At the end, unless it stands there already. Callers have checked the right to the group. Throws
 * `conflict` where the wall is full.
 */
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
