// A session from its opening at a sign-in to its announced end.
import { and, eq, lt, or, type SQL, sql } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { type Doer, recordAudit } from '#lib/audit/write.ts'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { ACCESS, groupOfUser } from '#lib/channels/names.ts'
import type { Config } from '#lib/config.ts'
import { type Db, inTransaction, type Tx } from '#lib/db/client.ts'
import { sessions } from '#lib/db/schema.ts'
import { expiryFromNow, isLiving } from './session.ts'

/** Where somebody signs in from; neither is trusted, both are only shown. */
export type Client = { address: string; userAgent: string }

/** Opens a session and forgets the person's dead ones; the answer is its id. */
export async function openSession(
  here: { db: Db; config: Config },
  userId: string,
  client: Client,
): Promise<string> {
  const id = newId()
  await inTransaction(here, async ({ tx }) => {
    const isDead = or(sql`${sessions.endedAt} is not null`, lt(sessions.expiresAt, sql`now()`))
    await tx.delete(sessions).where(and(eq(sessions.userId, userId), isDead))
    await tx.insert(sessions).values({
      id,
      userId,
      address: client.address.slice(0, 64),
      userAgent: client.userAgent.slice(0, 300),
      expiresAt: expiryFromNow(here.config),
    })
    await recordAudit(tx, { kind: 'user', userId }, 'session.opened', id)
  })
  return id
}

type Ending = { tx: Tx; channels: ChannelLayer; actor: Doer }

/** Ends the living sessions that `which` selects and tells every live connection; how many. */
export async function endSessions(ctx: Ending, which: SQL | undefined): Promise<number> {
  const { tx, channels, actor } = ctx
  const ended = await tx
    .update(sessions)
    .set({ endedAt: sql`now()` })
    .where(and(which, isLiving()))
    .returning({ id: sessions.id, userId: sessions.userId })
  for (const { id, userId } of ended) {
    await recordAudit(tx, actor, 'session.ended', id)
    await channels.groupSend(groupOfUser(userId), { type: 'session.ended', session_id: id }, { tx })
  }
  if (ended.length > 0) {
    const userIds = [...new Set(ended.map(({ userId }) => userId))]
    await channels.groupSend(ACCESS, { type: 'access.changed', user_ids: userIds }, { tx })
  }
  return ended.length
}
