import { eq, sql } from 'drizzle-orm'
import { encode } from 'next-auth/jwt'
import { v7 as newId } from 'uuid'
import { describe, expect, it } from 'vitest'
import { findActor } from '#lib/auth/session.ts'
import { sessions } from '#lib/db/schema.ts'
import {
  actorOf,
  disableUser,
  makeConfig,
  makeCookie,
  makeSession,
  makeUser,
  TEST_SECRET,
} from '../support/factories.ts'
import { createSetting } from '../support/setting.ts'

const { db } = createSetting()
const config = makeConfig()

const find = (cookie: string | undefined, given = config) =>
  findActor({ db: db(), config: given }, cookie)

async function signedIn() {
  const user = await makeUser(db())
  return { user, ...(await makeSession(db(), user)) }
}

async function rowOf(sessionId: string) {
  const [row] = await db().select().from(sessions).where(eq(sessions.id, sessionId))
  if (!row) throw new Error('no such session')
  return row
}

function change(sessionId: string, values: Parameters<ReturnType<typeof update>['set']>[0]) {
  return update().set(values).where(eq(sessions.id, sessionId))
}
const update = () => db().update(sessions)

describe('a session cookie', () => {
  it('names the person whose living session it carries', async () => {
    const { user, sessionId, cookie } = await signedIn()
    expect(await find(cookie)).toEqual(actorOf(user, sessionId))
    expect(await find(`theme=dark; ${cookie}; last=1`)).toEqual(actorOf(user, sessionId))
  })

  it('is read from its chunks where it was too long for one cookie', async () => {
    const { user, sessionId, cookie } = await signedIn()
    const [name, value = ''] = cookie.split('=')
    const chunks = `${name}.1=${value.slice(90)}; ${name}.0=${value.slice(0, 90)}`
    expect(await find(chunks)).toEqual(actorOf(user, sessionId))
    expect(await find(`${name}.1=${value.slice(90)}`)).toBeUndefined()
  })

  it('has the __Secure- prefix on https, and there no other counts', async () => {
    const { user, sessionId, cookie } = await signedIn()
    const https = makeConfig({ BASE_URL: 'https://wall.example.com' })
    expect(await find(`__Secure-${cookie}`, https)).toEqual(actorOf(user, sessionId))
    expect(await find(cookie, https)).toBeUndefined()
    expect(await find(`__Secure-${cookie}`)).toBeUndefined()
  })

  it('counts as none when missing, tampered with or made with another secret', async () => {
    const { user, sessionId, cookie } = await signedIn()
    const name = 'next-auth.session-token'
    const foreign = await encode({
      token: { sub: user.id, sid: sessionId },
      secret: 'the secret of some other installation',
    })
    const noUuid = await encode({ token: { sid: "' or true" }, secret: TEST_SECRET })
    const noSid = await encode({ token: { sub: user.id }, secret: TEST_SECRET })
    const expired = await encode({ token: { sid: sessionId }, secret: TEST_SECRET, maxAge: -60 })
    const bad = ['', 'a.b.c', '....', '%E0%A4%A', 'null', foreign, noUuid, noSid, expired]
    for (const value of bad) expect(await find(`${name}=${value}`)).toBeUndefined()
    const middle = cookie.length - 40
    const tampered = cookie.slice(0, middle) + (cookie[middle] === 'A' ? 'B' : 'A')
    expect(await find(tampered + cookie.slice(middle + 1))).toBeUndefined()
    for (const header of [undefined, '', ';;;', '=', 'x'.repeat(20_000)]) {
      expect(await find(header)).toBeUndefined()
    }
    expect(await find(cookie, makeConfig({ AUTH_SECRET: undefined }))).toBeUndefined()
  })

  it('is worth nothing once its session has ended, expired or never was', async () => {
    const ended = await signedIn()
    await change(ended.sessionId, { endedAt: sql`now()` })
    expect(await find(ended.cookie)).toBeUndefined()
    const expired = await signedIn()
    await change(expired.sessionId, { expiresAt: sql`now() - interval '1 second'` })
    expect(await find(expired.cookie)).toBeUndefined()
    expect(await find(await makeCookie(newId(), ended.user.id))).toBeUndefined()
  })

  it('is worth nothing while its person is disabled', async () => {
    const { user, cookie } = await signedIn()
    await disableUser(db(), user)
    expect(await find(cookie)).toBeUndefined()
  })
})

describe('using a session', () => {
  it('keeps it alive for another SESSION_DAYS', async () => {
    const { sessionId, cookie } = await signedIn()
    await change(sessionId, {
      lastSeenAt: sql`now() - interval '2 minutes'`,
      expiresAt: sql`now() + interval '1 minute'`,
    })
    await find(cookie)
    const row = await rowOf(sessionId)
    expect(Date.now() - row.lastSeenAt.getTime()).toBeLessThan(30_000)
    const days = (row.expiresAt.getTime() - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(config.SESSION_DAYS)
  })

  it('is written down at most once a minute', async () => {
    const { sessionId, cookie } = await signedIn()
    const before = await rowOf(sessionId)
    await Promise.all([find(cookie), find(cookie), find(cookie)])
    expect(await rowOf(sessionId)).toEqual(before)
  })
})
