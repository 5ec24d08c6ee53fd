import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hashPassword } from '#lib/auth/password.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { sessions } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeUser, type TestUser } from '../support/factories.ts'
import { BASE, makeBrowser, PASSWORD, PROBLEM, typeOf } from '../support/small-browser.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))
vi.stubEnv('NEXTAUTH_URL', BASE)

let database: TestDatabase
let user: TestUser
const log = createLog('silent')
const channels = createMemoryLayer({ log })

beforeAll(async () => {
  database = await createTestDatabase()
  house.opened = { db: database.db, channels, log, config: makeConfig() }
  user = await makeUser(database.db, { passwordHash: await hashPassword(PASSWORD) })
})
afterAll(() => database.close())

describe('signing in over HTTP', () => {
  it('gives an HttpOnly, SameSite=Lax cookie that opens the API', async () => {
    const browser = makeBrowser(user, { 'x-echowall-client': '192.0.2.7', 'user-agent': 'Test 1' })
    expect((await browser.me()).status).toBe(401)
    const answer = await browser.signIn()
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ url: `${BASE}/` })
    const set = answer.headers.getSetCookie().find((line) => line.includes('session-token'))
    expect(set).toMatch(/^next-auth\.session-token=.*HttpOnly; SameSite=Lax$/)
    const me = await browser.me()
    expect(me.status).toBe(200)
    expect(await me.json()).toMatchObject({ id: user.id, employee_no: user.employeeNo })
    const rows = await database.db.select().from(sessions).where(eq(sessions.userId, user.id))
    expect(rows).toMatchObject([{ address: '192.0.2.7', userAgent: 'Test 1' }])
  })

  it('takes JSON as well as a form', async () => {
    const browser = makeBrowser(user)
    const { csrfToken } = await (await browser.get('/api/auth/csrf')).json()
    const answer = await browser.post('/api/auth/callback/credentials', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        csrfToken,
        employee_no: user.employeeNo,
        password: PASSWORD,
        json: true,
      }),
    })
    expect(answer.status).toBe(200)
    expect((await browser.me()).status).toBe(200)
  })

  it("redirects a browser's own form", async () => {
    const browser = makeBrowser(user, { accept: 'text/html' })
    const answer = await browser.signIn(PASSWORD, { callbackUrl: '/inbox' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(`${BASE}/inbox`)
    const failed = await makeBrowser(user, { accept: 'text/html' }).signIn('wrong', {})
    expect(failed.headers.get('location')).toContain('error=CredentialsSignin')
  })

  it('returns to the page it was asked from, and never to a foreign one', async () => {
    const urlOf = async (callbackUrl: string, origin = BASE) => {
      const browser = makeBrowser(user, { origin })
      return (await (await browser.signIn(PASSWORD, { json: 'true', callbackUrl })).json()).url
    }
    const other = 'http://localhost:3000'
    expect(await urlOf(`${other}/groups/1`, other)).toBe(`${other}/groups/1`)
    expect(await urlOf('/groups/1', other)).toBe(`${other}/groups/1`)
    for (const url of [
      'https://evil.example',
      '//evil.example',
      'javascript:alert(1)',
      'http://[',
    ]) {
      expect(await urlOf(url)).toBe(`${BASE}/`)
    }
  })

  it('answers a wrong password with 401 and no session', async () => {
    const browser = makeBrowser(user)
    const answer = await browser.signIn('wrong')
    expect([answer.status, typeOf(answer)]).toEqual([401, PROBLEM])
    expect((await answer.json()).url).toContain('error=CredentialsSignin')
    expect((await browser.me()).status).toBe(401)
  })

  it('answers 403 without a valid CSRF token', async () => {
    const answer = await makeBrowser(user).post('/api/auth/callback/credentials', {
      form: { employee_no: user.employeeNo, password: PASSWORD, json: 'true', csrfToken: 'x' },
    })
    expect([answer.status, typeOf(answer)]).toEqual([403, PROBLEM])
  })

  it('answers 429 with Retry-After after too many failures', async () => {
    const other = await makeUser(database.db)
    const browser = makeBrowser(user)
    const form = { employee_no: other.employeeNo, json: 'true' }
    for (let i = 0; i < 10; i++) expect((await browser.signIn('wrong', form)).status).toBe(401)
    const answer = await browser.signIn(PASSWORD, form)
    expect([answer.status, typeOf(answer)]).toEqual([429, PROBLEM])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const body = await answer.json()
    expect(body).toMatchObject({ type: 'urn:echowall:problem:rate_limited', status: 429 })
    expect(body.url).toContain('error=rate_limited')
  })

  it('refuses a body that is too large, broken or no form', async () => {
    const browser = makeBrowser(user)
    const path = '/api/auth/callback/credentials'
    const json = { 'content-type': 'application/json' }
    const statusOf = async (body: string, headers: Record<string, string>) =>
      (await browser.post(path, { body, headers })).status
    expect(await statusOf(`password=${'x'.repeat(2_000_000)}`, json)).toBe(413)
    expect(await statusOf('{"broken', json)).toBe(400)
    expect(await statusOf('[1]', json)).toBe(400)
    expect(await statusOf('{"password":{"a":1}}', json)).toBe(400)
    expect(await statusOf('hello', { 'content-type': 'text/plain' })).toBe(415)
  })

  it('survives every kind of broken cookie', async () => {
    for (const value of ['x', '%E0%A4%A', '|', 'a|b|c']) {
      const names = ['session-token', 'callback-url', 'csrf-token', 'session-token.0']
      const cookie = names.map((name) => `next-auth.${name}=${value}`).join('; ')
      const browser = makeBrowser(user, { cookie })
      expect((await browser.get('/api/auth/csrf')).status).toBe(200)
      expect((await browser.get('/api/auth/session')).status).toBe(200)
    }
  })
})
