// Who sends this cookie: from a next-auth session cookie to a person with a living session.
import { parseCookie } from 'cookie'
import { and, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm'
import { decode } from 'next-auth/jwt'
import { z } from 'zod'
import type { Config } from '#lib/config.ts'
import type { Db } from '#lib/db/client.ts'
import { sessions, users } from '#lib/db/schema.ts'
import type { UserActor } from './context.ts'

type Here = { db: Db; config: Config }

/** More chunks than one Cookie header of 16 KiB can hold. */
const MAX_CHUNKS = 8
const Token = z.looseObject({ sid: z.uuid() })

/** A session that counts, when it ends unless it is used until then, and whether a use is noted. */
export type LivingSession = { actor: UserActor; expiresAt: Date; isDue: boolean }

/**
 * The person behind a bare Cookie header, of a request or of an upgrade; undefined unless the
 * session's row is neither ended nor expired and its user not disabled. Being used keeps a session
 * alive for another SESSION_DAYS. A cookie that is no token of ours counts as none.
 */
export async function findActor(
  here: Here,
  cookieHeader: string | undefined,
): Promise<UserActor | undefined> {
  return (await findCookieSession(here, cookieHeader))?.actor
}

/** The session itself, as `findActor` finds it. */
export async function findCookieSession(
  { db, config }: Here,
  cookieHeader: string | undefined,
): Promise<LivingSession | undefined> {
  const sessionId = await sessionIdOf(config, cookieHeader)
  const found = sessionId === undefined ? undefined : await findSession(db, sessionId)
  if (found?.isDue) await prolong(db, config, found.actor.sessionId)
  return found
}

/** The session as it is now; looking at it is no use of it. */
async function findSession(db: Db, sessionId: string): Promise<LivingSession | undefined> {
  return (await findSessions(db, [sessionId])).get(sessionId)
}

/** The same for many, by their ids. */
export async function findSessions(
  db: Db,
  sessionIds: string[],
): Promise<Map<string, LivingSession>> {
  const found = await db
    .select({
      sessionId: sessions.id,
      userId: users.id,
      role: users.role,
      name: users.name,
      employeeNo: users.employeeNo,
      expiresAt: sessions.expiresAt,
      isDue: sql<boolean>`${sessions.lastSeenAt} < now() - interval '1 minute'`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(inArray(sessions.id, sessionIds), isLiving(), isNull(users.disabledAt)))
  return new Map(
    found.map(({ expiresAt, isDue, ...person }) => [
      person.sessionId,
      { actor: { kind: 'user', ...person }, expiresAt, isDue },
    ]),
  )
}

/** A row of `sessions` that still counts. */
export function isLiving() {
  return and(isNull(sessions.endedAt), gt(sessions.expiresAt, sql`now()`))
}

/** Whether the session a token names still counts. */
export async function isLivingSession(db: Db, sessionId: unknown): Promise<boolean> {
  const { data: id } = z.uuid().safeParse(sessionId)
  return id !== undefined && (await findSession(db, id)) !== undefined
}

/** The moment a session used now ends without further use. */
export function expiryFromNow(config: Config) {
  return sql<Date>`now() + make_interval(days => ${config.SESSION_DAYS})`
}

async function sessionIdOf(config: Config, header: string | undefined) {
  const value = header && cookieValue(parseCookie(header), sessionCookieName(config))
  if (!value || !config.AUTH_SECRET) return undefined
  // Decryption fails for whatever was not made with our secret: to us there is no cookie then.
  const token = await decode({ token: value, secret: config.AUTH_SECRET }).catch(() => undefined)
  return Token.safeParse(token).data?.sid
}

// The name next-auth gives its session cookie at this address.
function sessionCookieName(config: Config): string {
  const name = 'next-auth.session-token'
  return config.BASE_URL.startsWith('https:') ? `__Secure-${name}` : name
}

// A long token is split over `name.0`, `name.1` and so on.
function cookieValue(cookies: Record<string, string | undefined>, name: string) {
  if (cookies[name]) return cookies[name]
  let value = ''
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const chunk = cookies[`${name}.${i}`]
    if (!chunk) break
    value += chunk
  }
  return value
}

// At most once a minute, however many requests ask at the same time.
async function prolong(db: Db, config: Config, sessionId: string): Promise<void> {
  const due = lt(sessions.lastSeenAt, sql`now() - interval '1 minute'`)
  await db
    .update(sessions)
    .set({ lastSeenAt: sql`now()`, expiresAt: expiryFromNow(config) })
    .where(and(eq(sessions.id, sessionId), isLiving(), due))
}
