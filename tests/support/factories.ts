// Unique rows for tests: people, groups, sessions with cookies, contexts for verbs.
import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { encode } from 'next-auth/jwt'
import { v7 as newId } from 'uuid'
import type { Actor, Ctx } from '#lib/auth/context.ts'
import { openSession } from '#lib/auth/session-life.ts'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { type Config, readConfig } from '#lib/config.ts'
import type { Db } from '#lib/db/client.ts'
import { groups, memberships, users } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { PING_BOUNDS } from '#lib/vocabulary.ts'

export const TEST_SECRET = 'a secret for tests and for nothing else'

export type TestUser = typeof users.$inferSelect

/** A user nobody else has; without `passwordHash` nobody can sign in with a password. */
export async function makeUser(
  db: Db,
  given: Partial<typeof users.$inferInsert> = {},
): Promise<TestUser> {
  const id = newId()
  const employeeNo = `E${randomBytes(6).toString('hex')}`
  const [user] = await db
    .insert(users)
    .values({ id, employeeNo, name: `Engineer ${employeeNo}`, role: 'member', ...given })
    .returning()
  if (!user) throw new Error('No user was made.')
  return user
}

export type TestGroup = typeof groups.$inferSelect

/** A private group of `owner` with default parameters and no targets; `members` get their roles. */
export async function makeGroup(
  db: Db,
  owner: TestUser,
  given: Partial<typeof groups.$inferInsert> = {},
  members: { user: TestUser; role: 'viewer' | 'editor' }[] = [],
): Promise<TestGroup> {
  const id = newId()
  const [group] = await db
    .insert(groups)
    .values({
      id,
      ownerId: owner.id,
      name: `Group ${id}`,
      visibility: 'private',
      intervalMs: PING_BOUNDS.intervalMs.fallback,
      timeoutMs: PING_BOUNDS.timeoutMs.fallback,
      payloadBytes: PING_BOUNDS.payloadBytes.fallback,
      ttl: PING_BOUNDS.ttl.fallback,
      dscp: PING_BOUNDS.dscp.fallback,
      dontFragment: false,
      family: 0,
      ...given,
    })
    .returning()
  if (!group) throw new Error('No group was made.')
  for (const { user, role } of members) {
    await db.insert(memberships).values({ groupId: group.id, userId: user.id, role })
  }
  return group
}

/** A context as `user` would have it; without one the actor is `nobody`. */
export function makeContext(given: {
  db: Db
  channels: ChannelLayer
  user?: TestUser
  actor?: Actor
  config?: Partial<Config>
}): Ctx {
  const { db, channels, user } = given
  return {
    actor: given.actor ?? (user ? actorOf(user) : { kind: 'nobody' }),
    db,
    channels,
    config: makeConfig(given.config),
    log: createLog('silent'),
  }
}

/** The default settings with some changed. */
export function makeConfig(given: Partial<Config> = {}): Config {
  return { ...readConfig({ NODE_ENV: 'test', AUTH_SECRET: TEST_SECRET }), ...given }
}

/** The person as an actor, with a session id that stands for no row unless given. */
export function actorOf(user: TestUser, sessionId: string = newId()): Actor & { kind: 'user' } {
  const { id: userId, role, name, employeeNo } = user
  return { kind: 'user', userId, sessionId, role, name, employeeNo }
}

/** A living session of the user, with the Cookie header that proves it. */
export async function makeSession(
  db: Db,
  user: TestUser,
  config: Config = makeConfig(),
): Promise<{ sessionId: string; cookie: string }> {
  const sessionId = await openSession({ db, config }, user.id, {
    address: '127.0.0.1',
    userAgent: 'a test',
  })
  return { sessionId, cookie: await makeCookie(sessionId, user.id) }
}

/** The Cookie header next-auth would give for this session. */
export async function makeCookie(sessionId: string, userId: string): Promise<string> {
  const token = await encode({ token: { sub: userId, sid: sessionId }, secret: TEST_SECRET })
  return `next-auth.session-token=${token}`
}

/** Takes a person's account away, as an administrator will. */
export async function disableUser(db: Db, user: TestUser): Promise<void> {
  await db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, user.id))
}
