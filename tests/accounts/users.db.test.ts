import { eq } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import { MyChanges, NewUser } from '#lib/accounts/contract.ts'
import { listUsers, readMe } from '#lib/accounts/read.ts'
import { changeMe, createUser } from '#lib/accounts/write.ts'
import { hashPassword, isPassword } from '#lib/auth/password.ts'
import { findActor } from '#lib/auth/session.ts'
import { ACCESS, groupOfUser } from '#lib/channels/names.ts'
import { auditEvents, users } from '#lib/db/schema.ts'
import {
  actorOf,
  makeConfig,
  makeContext,
  makeSession,
  makeUser,
  type TestUser,
} from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db } = createSetting()
let admin: TestUser
let member: TestUser

beforeAll(async () => {
  admin = await makeUser(db(), { role: 'admin' })
  member = await makeUser(db())
})

const as = (user?: TestUser) => makeContext({ db: db(), channels, user })
const wish = (given: Partial<NewUser> = {}): NewUser => ({
  employee_no: `N${newId()}`,
  password: 'correct horse',
  name: '王芳',
  role: 'member',
  ...given,
})

describe('createUser', () => {
  it('makes an account and writes down who made it', async () => {
    const user = await createUser(as(admin), wish({ role: 'admin' }))
    expect(user).toMatchObject({ name: '王芳', role: 'admin', disabled: false })
    expect(Object.keys(user).some((key) => key.includes('password'))).toBe(false)
    const [row] = await db().select().from(users).where(eq(users.id, user.id))
    expect(await isPassword(row?.passwordHash ?? null, 'correct horse')).toBe(true)
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.subjectId, user.id))
    expect(event).toMatchObject({ action: 'user.created', actorId: admin.id })
  })

  it('refuses whoever has not signed in', async () => {
    await expect(createUser(as(), wish())).rejects.toMatchObject({ status: 401 })
  })

  it('refuses a member', async () => {
    await expect(createUser(as(member), wish())).rejects.toMatchObject({ status: 403 })
  })

  it('refuses a number that is taken, naming the field', async () => {
    const taken = wish({ employee_no: member.employeeNo })
    await expect(createUser(as(admin), taken)).rejects.toMatchObject({
      status: 409,
      issues: [{ path: 'employee_no' }],
    })
  })

  it('takes an account once, of two made at the same moment', async () => {
    const twice = wish()
    const both = [createUser(as(admin), twice), createUser(as(admin), twice)]
    const outcomes = await Promise.allSettled(both)
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a new account', () => {
  it.each([
    ['employee_no', { employee_no: 'a b' }],
    ['employee_no', { employee_no: '' }],
    ['employee_no', { employee_no: 'x'.repeat(65) }],
    ['employee_no', { employee_no: 'a\u0000' }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(10_000) }],
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(10_000) }],
    ['name', { name: 'a\u0000b' }],
    ['role', { role: 'root' }],
    ['', { is_admin: true }],
  ])('is refused for its %s: %j', (path, given) => {
    const parsed = NewUser.safeParse({ ...wish(), ...given })
    expect(parsed.error?.issues[0]?.path.join('.')).toBe(path)
  })
})

describe('listUsers', () => {
  it('shows everybody to an administrator, page by page', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listUsers(as(admin), { cursor, limit: 2 })
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    const rows = await db().select({ id: users.id }).from(users).orderBy(users.id)
    expect(seen).toEqual(rows.map(({ id }) => id))
  })

  it('refuses a member, and whoever has not signed in', async () => {
    await expect(listUsers(as(member), { limit: 10 })).rejects.toMatchObject({ status: 403 })
    await expect(listUsers(as(), { limit: 10 })).rejects.toMatchObject({ status: 401 })
  })
})

describe('readMe', () => {
  it('shows the person who asks, and nobody to nobody', async () => {
    expect(await readMe(as(member))).toMatchObject({ id: member.id, role: 'member' })
    await expect(readMe(as())).rejects.toMatchObject({ status: 401 })
  })
})

describe('changeMe', () => {
  const makePerson = async () =>
    makeUser(db(), { passwordHash: await hashPassword('correct horse') })
  const passwordOf = async ({ id }: TestUser) => {
    const [row] = await db().select().from(users).where(eq(users.id, id))
    return row?.passwordHash ?? null
  }

  it('changes the name and nothing else', async () => {
    const user = await makePerson()
    expect(await changeMe(as(user), { name: 'Renamed' })).toMatchObject({ name: 'Renamed' })
    expect(await changeMe(as(user), {})).toMatchObject({ name: 'Renamed' })
    expect(await passwordOf(user)).toBe(user.passwordHash)
  })

  it('changes the password, ends the other sessions and tells their connections', async () => {
    const user = await makePerson()
    const mine = await makeSession(db(), user)
    const other = await makeSession(db(), user)
    const heard = await hearGroup(channels, groupOfUser(user.id))
    const access = await hearGroup(channels, ACCESS)
    const actor = actorOf(user, mine.sessionId)
    const ctx = makeContext({ db: db(), channels, actor })
    await changeMe(ctx, { password: 'battery staple', current_password: 'correct horse' })
    expect(await isPassword(await passwordOf(user), 'battery staple')).toBe(true)
    const here = { db: db(), config: makeConfig() }
    expect(await findActor(here, mine.cookie)).toBeDefined()
    expect(await findActor(here, other.cookie)).toBeUndefined()
    await until(() => access.length > 0)
    expect(heard).toEqual([{ type: 'session.ended', session_id: other.sessionId }])
  })

  it('refuses a wrong current password, and too many of them', async () => {
    const user = await makePerson()
    const guess = () => changeMe(as(user), { password: 'battery staple', current_password: 'no' })
    await expect(guess()).rejects.toMatchObject({
      status: 400,
      issues: [{ path: 'current_password' }],
    })
    for (let i = 0; i < 9; i++) await expect(guess()).rejects.toMatchObject({ status: 400 })
    await expect(guess()).rejects.toMatchObject({ status: 429 })
    expect(await passwordOf(user)).toBe(user.passwordHash)
  })

  it('asks for the current password with a new one', () => {
    const parsed = MyChanges.safeParse({ password: 'battery staple' })
    expect(parsed.error?.issues[0]?.path).toEqual(['current_password'])
  })

  it('refuses whoever has not signed in', async () => {
    await expect(changeMe(as(), { name: 'X' })).rejects.toMatchObject({ status: 401 })
  })
})
