// Changes people and their sessions.
import { and, eq, ne } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { recordAudit } from '#lib/audit/write.ts'
import { requireAdmin, requireUser } from '#lib/auth/access.ts'
import type { Ctx, UserActor } from '#lib/auth/context.ts'
import { hashPassword } from '#lib/auth/password.ts'
import { endSessions } from '#lib/auth/session-life.ts'
import { confirmPassword } from '#lib/auth/sign-in.ts'
import { inTransaction, type Tx } from '#lib/db/client.ts'
import { sessions, users } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import type { MyChanges, NewUser, User } from './contract.ts'
import { toUser } from './read.ts'

/** Makes an account; for administrators. Throws `conflict` where the employee number is taken. */
export async function createUser(ctx: Ctx, input: NewUser): Promise<User> {
  const actor = requireAdmin(ctx)
  const passwordHash = await hashPassword(input.password)
  return inTransaction(ctx, async ({ tx }) => {
    const user = await insertUser(tx, { ...input, passwordHash })
    await recordAudit(tx, actor, 'user.created', user.id, { role: user.role })
    return user
  })
}

/** The row of a new account; throws `conflict` where the employee number is taken. */
export async function insertUser(
  tx: Tx,
  given: Omit<NewUser, 'password'> & { passwordHash: string },
): Promise<User> {
  const { employee_no: employeeNo, name, role, passwordHash } = given
  const [row] = await tx
    .insert(users)
    .values({ id: newId(), employeeNo, name, role, passwordHash })
    .onConflictDoNothing({ target: users.employeeNo })
    .returning()
  if (row) return toUser(row)
  throw new AppError('conflict', `There is already an account with the number ${employeeNo}.`, {
    issues: [{ path: 'employee_no', message: 'taken' }],
  })
}

/**
 * Changes the asking person's name or password. A new password ends their other sessions; a wrong
 * current one is `invalid` and counts as a failed sign-in, so that it can be `rate_limited` too.
 */
export async function changeMe(ctx: Ctx, changes: MyChanges): Promise<User> {
  const actor = requireUser(ctx)
  const passwordHash = await newPasswordHash(ctx, actor, changes)
  return inTransaction(ctx, async ({ tx, channels }) => {
    // The id stands in the set, because an update must set something.
    const [row] = await tx
      .update(users)
      .set({ id: actor.userId, name: changes.name, passwordHash })
      .where(eq(users.id, actor.userId))
      .returning()
    if (!row) throw new AppError('not_found', 'This account is gone.')
    if (changes.name !== undefined) await recordAudit(tx, actor, 'user.renamed', row.id)
    if (passwordHash !== undefined) {
      await recordAudit(tx, actor, 'user.password_changed', row.id)
      const others = and(eq(sessions.userId, row.id), ne(sessions.id, actor.sessionId))
      await endSessions({ tx, channels, actor }, others)
    }
    return toUser(row)
  })
}

/** Ends one of the asking person's sessions; their connections close. `not_found` for all others. */
export async function endMySession(ctx: Ctx, { id }: { id: string }): Promise<void> {
  const actor = requireUser(ctx)
  await inTransaction(ctx, async ({ tx, channels }) => {
    const mine = and(eq(sessions.id, id), eq(sessions.userId, actor.userId))
    const ended = await endSessions({ tx, channels, actor }, mine)
    if (ended === 0) throw new AppError('not_found', 'There is no such session.')
  })
}

async function newPasswordHash(ctx: Ctx, actor: UserActor, changes: MyChanges) {
  const { password, current_password: current } = changes
  if (password === undefined) return undefined
  if (!(await confirmPassword(ctx, actor.employeeNo, current ?? ''))) {
    throw new AppError('invalid', 'The current password is wrong.', {
      issues: [{ path: 'current_password', message: 'wrong' }],
    })
  }
  return hashPassword(password)
}
