// The first administrator: made by a one-time link, or at start from two settings.
import { createHash, randomBytes } from 'node:crypto'
import { and, eq, gt, sql } from 'drizzle-orm'
import { recordAudit } from '#lib/audit/write.ts'
import type { Ctx } from '#lib/auth/context.ts'
import { hashPassword } from '#lib/auth/password.ts'
import type { Config } from '#lib/config.ts'
import { type Db, inTransaction, type Tx } from '#lib/db/client.ts'
import { oneTimeTokens, users } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { type FirstAdministrator, NewUser, type User } from './contract.ts'
import { insertUser } from './write.ts'

/**
 * A new one-time token for the set-up link, good for 24 hours; earlier ones are void. Undefined
 * once there is an administrator.
 */
export async function makeSetupToken(db: Db): Promise<string | undefined> {
  return inTransaction({ db }, async ({ tx }) => {
    await oneAtATime(tx)
    await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.purpose, 'setup'))
    if (await hasAdministrator(tx)) return undefined
    const token = `ew_setup_${randomBytes(24).toString('base64url')}`
    await tx.insert(oneTimeTokens).values({
      hash: hashOf(token),
      purpose: 'setup',
      expiresAt: sql`now() + interval '24 hours'`,
    })
    return token
  })
}

/** Whether the set-up link with this token still works. */
export async function isSetupToken(db: Db, token: string): Promise<boolean> {
  const found = await db
    .select({ hash: oneTimeTokens.hash })
    .from(oneTimeTokens)
    .where(isGood(token))
  return found.length > 0
}

/**
 * Makes the first administrator for whoever holds the set-up link. Throws `not_found` for a token
 * that is wrong, used or expired, and `conflict` where the employee number is taken; the link
 * then still works.
 */
export async function setUp(ctx: Ctx, input: FirstAdministrator): Promise<User> {
  return inTransaction(ctx, async ({ tx }) => {
    await oneAtATime(tx)
    const used = await tx.delete(oneTimeTokens).where(isGood(input.token)).returning()
    if (used.length === 0 || (await hasAdministrator(tx))) {
      throw new AppError('not_found', 'This set-up link does not work, or not any more.')
    }
    const passwordHash = await hashPassword(input.password)
    const user = await insertUser(tx, { ...input, role: 'admin', passwordHash })
    await recordAudit(tx, ctx.actor, 'user.created', user.id, { role: 'admin' })
    return user
  })
}

/**
 * Makes the administrator that ADMIN_LOGIN and ADMIN_PASSWORD name, unless there is one or the
 * number is taken; says whether it did. Throws `invalid` for a number nobody could sign in with.
 */
export async function ensureFirstAdministrator(db: Db, config: Config): Promise<boolean> {
  const { ADMIN_LOGIN: login, ADMIN_PASSWORD: password } = config
  if (!login || !password) return false
  const { data: employeeNo, error } = NewUser.shape.employee_no.safeParse(login)
  if (error) throw new AppError('invalid', `ADMIN_LOGIN: ${error.issues[0]?.message}`)
  return inTransaction({ db }, async ({ tx }) => {
    await oneAtATime(tx)
    const [known] = await tx.select().from(users).where(eq(users.employeeNo, employeeNo))
    if (known || (await hasAdministrator(tx))) return false
    const passwordHash = await hashPassword(password)
    const given = {
      employee_no: employeeNo,
      name: employeeNo,
      role: 'admin',
      passwordHash,
    } as const
    const user = await insertUser(tx, given)
    await recordAudit(tx, { kind: 'settings' }, 'user.created', user.id, { role: 'admin' })
    return true
  })
}

// Whatever makes a first administrator holds this lock, so that two processes never make two.
async function oneAtATime(tx: Tx): Promise<void> {
  await tx.execute(sql`lock table one_time_tokens in exclusive mode`)
}

async function hasAdministrator(tx: Tx): Promise<boolean> {
  const found = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.role, 'admin'))
    .limit(1)
  return found.length > 0
}

function isGood(token: string) {
  return and(
    eq(oneTimeTokens.hash, hashOf(token)),
    eq(oneTimeTokens.purpose, 'setup'),
    gt(oneTimeTokens.expiresAt, sql`now()`),
  )
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
