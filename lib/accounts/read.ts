// Reads people and their sessions.
import { and, desc, eq, gt, lt } from 'drizzle-orm'
import { requireAdmin, requireUser } from '#lib/auth/access.ts'
import type { Ctx } from '#lib/auth/context.ts'
import { isLiving } from '#lib/auth/session.ts'
import { sessions, users } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { type Page, toPage } from '#lib/page.ts'
import type { PageQuery, Session, User } from './contract.ts'

/** The person who asks. */
export async function readMe(ctx: Ctx): Promise<User> {
  const { userId } = requireUser(ctx)
  const [row] = await ctx.db.select().from(users).where(eq(users.id, userId))
  if (!row) throw new AppError('not_found', 'This account is gone.')
  return toUser(row)
}

/** All accounts, oldest first; for administrators. */
export async function listUsers(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<User>> {
  requireAdmin(ctx)
  const rows = await ctx.db
    .select()
    .from(users)
    .where(cursor ? gt(users.id, cursor) : undefined)
    .orderBy(users.id)
    .limit(limit + 1)
  return toPage(rows.map(toUser), limit, ({ id }) => id)
}

/** Where the asking person is signed in, newest first. */
export async function listSessions(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Session>> {
  const { userId, sessionId } = requireUser(ctx)
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(
      and(eq(sessions.userId, userId), isLiving(), cursor ? lt(sessions.id, cursor) : undefined),
    )
    .orderBy(desc(sessions.id))
    .limit(limit + 1)
  const items = rows.map(
    (row): Session => ({
      id: row.id,
      user_agent: row.userAgent,
      address: row.address,
      created_at: row.createdAt.toISOString(),
      last_seen_at: row.lastSeenAt.toISOString(),
      current: row.id === sessionId,
    }),
  )
  return toPage(items, limit, ({ id }) => id)
}

/** The row as the world sees it: never with its password. */
export function toUser(row: typeof users.$inferSelect): User {
  return {
    id: row.id,
    employee_no: row.employeeNo,
    name: row.name,
    role: row.role,
    disabled: row.disabledAt !== null,
    created_at: row.createdAt.toISOString(),
  }
}
