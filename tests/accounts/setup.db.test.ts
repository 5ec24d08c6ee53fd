import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ensureFirstAdministrator,
  isSetupToken,
  makeSetupToken,
  setUp,
} from '#lib/accounts/setup.ts'
import type { Ctx } from '#lib/auth/context.ts'
import { isPassword } from '#lib/auth/password.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { auditEvents, oneTimeTokens, users } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeContext, makeUser } from '../support/factories.ts'

const channels = createMemoryLayer({ log: createLog('silent') })
let database: TestDatabase
let ctx: Ctx

beforeEach(async () => {
  database = await createTestDatabase()
  ctx = makeContext({ db: database.db, channels })
})
afterEach(() => database.close())

const wish = { employee_no: 'root', password: 'correct horse', name: 'Root' }
const missing = { code: 'not_found' }

async function makeToken(): Promise<string> {
  const token = await makeSetupToken(database.db)
  if (!token) throw new Error('no token')
  return token
}

describe('the set-up link', () => {
  it('makes the first administrator, who can then sign in', async () => {
    const token = await makeToken()
    expect(await isSetupToken(database.db, token)).toBe(true)
    const user = await setUp(ctx, { token, ...wish })
    expect(user).toMatchObject({ employee_no: 'root', name: 'Root', role: 'admin' })
    const [row] = await database.db.select().from(users)
    expect(await isPassword(row?.passwordHash ?? null, wish.password)).toBe(true)
    const [event] = await database.db.select().from(auditEvents)
    expect(event).toMatchObject({ action: 'user.created', subjectId: user.id, actorId: null })
  })

  it('works once', async () => {
    const token = await makeToken()
    await setUp(ctx, { token, ...wish })
    expect(await isSetupToken(database.db, token)).toBe(false)
    await expect(setUp(ctx, { token, ...wish, employee_no: 'two' })).rejects.toMatchObject(missing)
  })

  it('works once also for two people at the same moment', async () => {
    const token = await makeToken()
    const all = await Promise.allSettled(
      ['one', 'two', 'three'].map((no) => setUp(ctx, { token, ...wish, employee_no: no })),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await database.db.select().from(users)).toHaveLength(1)
  })

  it('does not work with a wrong token, after a day, or once a newer one was made', async () => {
    const old = await makeToken()
    const token = await makeToken()
    await expect(setUp(ctx, { token: old, ...wish })).rejects.toMatchObject(missing)
    await expect(setUp(ctx, { token: `${token}x`, ...wish })).rejects.toMatchObject(missing)
    await database.db.update(oneTimeTokens).set({ expiresAt: sql`now()` })
    await expect(setUp(ctx, { token, ...wish })).rejects.toMatchObject(missing)
    expect(await isSetupToken(database.db, token)).toBe(false)
    expect(await database.db.select().from(users)).toEqual([])
  })

  it('still works after a refused employee number', async () => {
    const taken = await makeUser(database.db)
    const token = await makeToken()
    const again = { token, ...wish, employee_no: taken.employeeNo }
    await expect(setUp(ctx, again)).rejects.toMatchObject({ code: 'conflict' })
    expect(await setUp(ctx, { token, ...wish })).toMatchObject({ role: 'admin' })
  })

  it('is neither made nor good once there is an administrator', async () => {
    const token = await makeToken()
    await makeUser(database.db, { role: 'admin' })
    await expect(setUp(ctx, { token, ...wish })).rejects.toMatchObject(missing)
    expect(await makeSetupToken(database.db)).toBeUndefined()
    expect(await database.db.select().from(oneTimeTokens)).toEqual([])
  })

  it('is kept as a hash alone', async () => {
    const token = await makeToken()
    expect(token).toMatch(/^ew_setup_[\w-]{32}$/)
    expect(JSON.stringify(await database.db.select().from(oneTimeTokens))).not.toContain(token)
  })
})

describe('ADMIN_LOGIN and ADMIN_PASSWORD', () => {
  const config = makeConfig({ ADMIN_LOGIN: 'root', ADMIN_PASSWORD: 'correct horse' })
  const ensure = (given = config) => ensureFirstAdministrator(database.db, given)

  it('make the administrator, once, however many processes start together', async () => {
    expect((await Promise.all([ensure(), ensure(), ensure()])).filter(Boolean)).toEqual([true])
    expect(await ensure()).toBe(false)
    const rows = await database.db.select().from(users)
    expect(rows).toMatchObject([{ employeeNo: 'root', role: 'admin' }])
    expect(await isPassword(rows[0]?.passwordHash ?? null, 'correct horse')).toBe(true)
  })

  it('change nothing where the number is taken, there is an administrator, or one is missing', async () => {
    await makeUser(database.db, { employeeNo: 'root' })
    expect(await ensure()).toBe(false)
    expect(await ensure(makeConfig({ ADMIN_LOGIN: 'other' }))).toBe(false)
    await makeUser(database.db, { role: 'admin' })
    const other = { ADMIN_LOGIN: 'other', ADMIN_PASSWORD: 'correct horse' }
    expect(await ensure(makeConfig(other))).toBe(false)
    const named = await database.db.select().from(users).where(eq(users.employeeNo, 'other'))
    expect(named).toEqual([])
  })

  it('are refused in words where nobody could sign in with them', async () => {
    const odd = makeConfig({ ADMIN_LOGIN: 'the root', ADMIN_PASSWORD: 'correct horse' })
    await expect(ensure(odd)).rejects.toThrow('ADMIN_LOGIN: letters, digits')
  })
})
