import { eq, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword } from '#lib/auth/password.ts'
import { findActor } from '#lib/auth/session.ts'
import { signIn } from '#lib/auth/sign-in.ts'
import { countFailure, failureKeys, MAX_FAILURES } from '#lib/auth/sign-in-limit.ts'
import { auditEvents, sessions, signInFailures } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import {
  disableUser,
  makeConfig,
  makeCookie,
  makeSession,
  makeUser,
  TEST_SECRET,
} from '../support/factories.ts'
import { createSetting } from '../support/setting.ts'

const PASSWORD = 'correct horse battery'
const WRONG = 'wrong'
const config = makeConfig()
const { db } = createSetting()
let passwordHash: string
let address: string
let made = 0

beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD)
})
beforeEach(() => {
  made += 1
  address = `192.0.2.${made}`
})

const makePerson = () => makeUser(db(), { passwordHash })
const attempt = (employee_no: unknown, password: unknown, from = address) =>
  signIn({ db: db(), config }, { employee_no, password }, { address: from, userAgent: 'UA' })
const limited = { code: 'rate_limited', retryAfterSeconds: expect.any(Number) }

async function failOften(employeeNo: string, times: number): Promise<void> {
  const keys = failureKeys(TEST_SECRET, { employeeNo, address: '' })
  for (let i = 0; i < times; i++) await countFailure(db(), keys)
}

describe('signing in', () => {
  it('opens a session that is written down and shows where it is from', async () => {
    const user = await makePerson()
    const signedIn = await attempt(` ${user.employeeNo} `, PASSWORD)
    expect(signedIn).toMatchObject({ userId: user.id, name: user.name })
    const id = signedIn?.sessionId ?? ''
    const [row] = await db().select().from(sessions).where(eq(sessions.id, id))
    expect(row).toMatchObject({ userId: user.id, address, userAgent: 'UA', endedAt: null })
    const cookie = await makeCookie(id, user.id)
    expect(await findActor({ db: db(), config }, cookie)).toMatchObject({ userId: user.id })
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.subjectId, id))
    expect(event).toMatchObject({ action: 'session.opened', actorId: user.id })
  })

  it('fails alike for a wrong password, an unknown number, a disabled and a passwordless account', async () => {
    const user = await makePerson()
    const disabled = await makePerson()
    await disableUser(db(), disabled)
    const passwordless = await makeUser(db())
    expect(await attempt(user.employeeNo, WRONG)).toBeUndefined()
    expect(await attempt('nobody-has-this', PASSWORD)).toBeUndefined()
    expect(await attempt(disabled.employeeNo, PASSWORD)).toBeUndefined()
    expect(await attempt(passwordless.employeeNo, PASSWORD)).toBeUndefined()
  })

  it('fails without a fault for what is no number or no password at all', async () => {
    const odd = [undefined, null, 7, '', 'a\u0000b', 'x'.repeat(10_000), ['a'], { a: 1 }]
    for (const value of odd) {
      expect(await attempt(value, PASSWORD)).toBeUndefined()
      expect(await attempt('E1', value)).toBeUndefined()
    }
  })

  it('forgets the dead sessions of the person, and no living one', async () => {
    const user = await makePerson()
    const living = await makeSession(db(), user)
    const dead = await makeSession(db(), user)
    await db().update(sessions).set({ endedAt: sql`now()` }).where(eq(sessions.id, dead.sessionId))
    const signedIn = await attempt(user.employeeNo, PASSWORD)
    const rows = await db().select().from(sessions).where(eq(sessions.userId, user.id))
    expect(rows.map((row) => row.id).sort()).toEqual([living.sessionId, signedIn?.sessionId])
  })
})

describe('failed sign-ins', () => {
  it('lock an account after ten, also for the right password and from elsewhere', async () => {
    const user = await makePerson()
    for (let i = 0; i < MAX_FAILURES.account; i++) {
      expect(await attempt(user.employeeNo, WRONG, `198.51.100.${i}`)).toBeUndefined()
    }
    await expect(attempt(user.employeeNo, PASSWORD)).rejects.toMatchObject(limited)
    await expect(attempt(` ${user.employeeNo}`, PASSWORD)).rejects.toMatchObject(limited)
  })

  it('lock an unknown number just so', async () => {
    const user = await makePerson()
    await failOften('unknown-number', MAX_FAILURES.account)
    await expect(attempt('unknown-number', WRONG)).rejects.toMatchObject(limited)
    expect(await attempt(user.employeeNo, PASSWORD)).toBeDefined()
  })

  it('lock an address after fifty, whatever the accounts, and no other address', async () => {
    const user = await makePerson()
    const keys = failureKeys(TEST_SECRET, { address })
    for (let i = 0; i < MAX_FAILURES.address; i++) await countFailure(db(), keys)
    await expect(attempt(user.employeeNo, PASSWORD)).rejects.toMatchObject(limited)
    await expect(attempt(user.employeeNo, PASSWORD, `::ffff:${address}`)).rejects.toMatchObject(
      limited,
    )
    expect(await attempt(user.employeeNo, PASSWORD, '203.0.113.9')).toBeDefined()
  })

  it('count for the whole /64 of an IPv6 address', async () => {
    const user = await makePerson()
    const keys = failureKeys(TEST_SECRET, { address: '2001:db8:1:2::1' })
    for (let i = 0; i < MAX_FAILURES.address; i++) await countFailure(db(), keys)
    const from = (other: string) => attempt(user.employeeNo, PASSWORD, other)
    await expect(from('2001:db8:1:2:ffff::9')).rejects.toMatchObject(limited)
    expect(await from('2001:db8:1:3::1')).toBeDefined()
  })

  it('cannot slip past the limit together', async () => {
    const user = await makePerson()
    const guesses = Array.from({ length: 40 }, () => attempt(user.employeeNo, WRONG))
    const outcomes = await Promise.allSettled(guesses)
    const tried = outcomes.filter(({ status }) => status === 'fulfilled').length
    expect(tried).toBeGreaterThanOrEqual(MAX_FAILURES.account)
    expect(tried).toBeLessThanOrEqual(MAX_FAILURES.account + 1)
  })

  it('are forgotten by the account once its owner is in', async () => {
    const user = await makePerson()
    await failOften(user.employeeNo, MAX_FAILURES.account - 1)
    expect(await attempt(user.employeeNo, PASSWORD)).toBeDefined()
    expect(await attempt(user.employeeNo, WRONG)).toBeUndefined()
    expect(await attempt(user.employeeNo, PASSWORD)).toBeDefined()
  })

  it('expire, are swept, and say how long to wait until then', async () => {
    const user = await makePerson()
    await failOften(user.employeeNo, MAX_FAILURES.account)
    const refusal: unknown = await attempt(user.employeeNo, PASSWORD).catch((error) => error)
    if (!(refusal instanceof AppError)) throw new Error('It was let in.')
    expect(refusal.code).toBe('rate_limited')
    expect(refusal.retryAfterSeconds).toBeGreaterThan(800)
    expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(900)
    await db().update(signInFailures).set({ expiresAt: sql`now() - interval '1 second'` })
    expect(await attempt(user.employeeNo, PASSWORD)).toBeDefined()
    expect(await attempt(user.employeeNo, WRONG)).toBeUndefined()
    const rows = await db().select().from(signInFailures)
    expect(rows.map((row) => row.failures)).toEqual([1, 1])
  })

  it('are the only ones counted: any number of right passwords passes', async () => {
    const user = await makePerson()
    const all = Array.from({ length: 60 }, () => attempt(user.employeeNo, PASSWORD))
    expect((await Promise.all(all)).every((signedIn) => signedIn !== undefined)).toBe(true)
  })

  it('leave neither names nor addresses in their table', async () => {
    const user = await makePerson()
    await attempt(user.employeeNo, WRONG)
    const rows = JSON.stringify(await db().select().from(signInFailures))
    expect(rows).not.toContain(user.employeeNo)
    expect(rows).not.toContain(address)
  })
})
