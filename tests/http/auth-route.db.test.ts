import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hashPassword } from '#lib/auth/password.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { groupOfUser } from '#lib/channels/names.ts'
import { sessions } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import type { RouteHandler } from '#lib/http/route.ts'
import { createLog } from '#lib/log.ts'
import * as authRoute from '../../app/api/auth/[...nextauth]/route.ts'
import * as meRoute from '../../app/api/me/route.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeUser, type TestUser } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { until } from '../support/until.ts'

const BASE = 'http://127.0.0.1:3000'
const PASSWORD = 'correct horse battery'
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

type Sent = { form?: Record<string, string>; headers?: Record<string, string>; body?: string }

/** A browser in small: it keeps cookies from answer to answer. */
function makeBrowser(own: Record<string, string> = {}) {
  const cookies = new Map<string, string>()
  const call = async (handler: RouteHandler, method: string, path: string, sent: Sent = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const isBodied = method !== 'GET'
    const request = new Request(`${BASE}${path}`, {
      method,
      headers: {
        ...own,
        ...(cookie && { cookie }),
        ...(sent.form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...sent.headers,
      },
      body: isBodied ? (sent.body ?? String(new URLSearchParams(sent.form))) : undefined,
    })
    const below = /^\/api\/auth\/([^?]*)/.exec(path)?.[1]
    const params = below === undefined ? {} : { nextauth: below.split('/') }
    const response = await handler(request, { params: Promise.resolve(params) })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) cookies.set(name, value)
      else cookies.delete(name)
    }
    return response
  }
  const get = (path: string) => call(authRoute.GET, 'GET', path)
  const post = (path: string, sent: Sent) => call(authRoute.POST, 'POST', path, sent)
  const csrf = async () => String((await (await get('/api/auth/csrf')).json()).csrfToken)
  return {
    cookies,
    call,
    get,
    post,
    me: () => call(meRoute.GET, 'GET', '/api/me'),
    signIn: async (password = PASSWORD, more: Record<string, string> = { json: 'true' }) =>
      post('/api/auth/callback/credentials', {
        form: { csrfToken: await csrf(), employee_no: user.employeeNo, password, ...more },
      }),
    signOut: async () =>
      post('/api/auth/signout', { form: { csrfToken: await csrf(), json: 'true' } }),
  }
}

const typeOf = (response: Response) => response.headers.get('content-type')
const PROBLEM = 'application/problem+json'

describe('signing in over HTTP', () => {
  it('gives an HttpOnly, SameSite=Lax cookie that opens the API', async () => {
    const browser = makeBrowser({ 'x-echowall-client': '192.0.2.7', 'user-agent': 'Test 1' })
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
    const browser = makeBrowser()
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
    const browser = makeBrowser({ accept: 'text/html' })
    const answer = await browser.signIn(PASSWORD, { callbackUrl: '/inbox' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(`${BASE}/inbox`)
    const failed = await makeBrowser({ accept: 'text/html' }).signIn('wrong', {})
    expect(failed.headers.get('location')).toContain('error=CredentialsSignin')
  })

  it('returns to the page it was asked from, and never to a foreign one', async () => {
    const urlOf = async (callbackUrl: string, origin = BASE) => {
      const browser = makeBrowser({ origin })
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
    const browser = makeBrowser()
    const answer = await browser.signIn('wrong')
    expect([answer.status, typeOf(answer)]).toEqual([401, PROBLEM])
    expect((await answer.json()).url).toContain('error=CredentialsSignin')
    expect((await browser.me()).status).toBe(401)
  })

  it('answers 403 without a valid CSRF token', async () => {
    const answer = await makeBrowser().post('/api/auth/callback/credentials', {
      form: { employee_no: user.employeeNo, password: PASSWORD, json: 'true', csrfToken: 'x' },
    })
    expect([answer.status, typeOf(answer)]).toEqual([403, PROBLEM])
  })

  it('answers 429 with Retry-After after too many failures', async () => {
    const other = await makeUser(database.db)
    const browser = makeBrowser()
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
    const browser = makeBrowser()
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
      const browser = makeBrowser({ cookie })
      expect((await browser.get('/api/auth/csrf')).status).toBe(200)
      expect((await browser.get('/api/auth/session')).status).toBe(200)
    }
  })
})

describe('signing out over HTTP', () => {
  it('ends the session and tells its live connections', async () => {
    const browser = makeBrowser()
    await browser.signIn()
    const token = browser.cookies.get('next-auth.session-token') ?? ''
    const heard = await hearGroup(channels, groupOfUser(user.id))
    expect((await browser.signOut()).status).toBe(200)
    await until(() => heard.length > 0)
    expect(heard).toMatchObject([{ type: 'session.ended' }])
    expect(browser.cookies.has('next-auth.session-token')).toBe(false)
    browser.cookies.set('next-auth.session-token', token)
    expect((await browser.me()).status).toBe(401)
  })

  it('answers 500 and keeps the cookie where the session could not be ended', async () => {
    const browser = makeBrowser()
    await browser.signIn()
    vi.spyOn(channels, 'groupSend').mockRejectedValueOnce(new Error('no layer'))
    const answer = await browser.signOut()
    expect([answer.status, typeOf(answer)]).toEqual([500, PROBLEM])
    expect((await browser.me()).status).toBe(200)
    expect((await browser.signOut()).status).toBe(200)
    expect((await browser.me()).status).toBe(401)
  })

  it('shows in the session that next-auth reports', async () => {
    const browser = makeBrowser()
    await browser.signIn()
    expect(await (await browser.get('/api/auth/session')).json()).toMatchObject({
      user: { name: user.name },
    })
    await database.db.update(sessions).set({ endedAt: new Date() })
    expect(await (await browser.get('/api/auth/session')).json()).toEqual({})
    expect(browser.cookies.has('next-auth.session-token')).toBe(false)
  })
})

describe('other paths below /api/auth', () => {
  it('send a browser to our own pages', async () => {
    const locationOf = async (path: string) =>
      (await makeBrowser({ accept: 'text/html' }).get(path)).headers.get('location')
    expect(await locationOf('/api/auth/signin')).toMatch(/^\/sign-in\?/)
    expect(await locationOf('/api/auth/signout')).toBe('/sign-in')
    expect(await locationOf('/api/auth/error?error=rate_limited')).toMatch(/^\/sign-in\?error=/)
  })

  it('do not exist unless they are in use', async () => {
    const browser = makeBrowser()
    for (const path of ['_log', 'nonsense', 'verify-request']) {
      const answer = await browser.post(`/api/auth/${path}`, { form: {} })
      expect([answer.status, typeOf(answer)]).toEqual([401, PROBLEM])
    }
    await browser.signIn()
    const answer = await browser.post('/api/auth/_log', { form: { level: 'error', code: 'X' } })
    expect([answer.status, typeOf(answer)]).toEqual([404, PROBLEM])
    const unknown = await browser.post('/api/auth/callback/__proto__', { form: {} })
    expect([unknown.status, typeOf(unknown)]).toEqual([400, PROBLEM])
  })

  it('answer 405 to other methods', async () => {
    const browser = makeBrowser()
    await browser.signIn()
    const answer = await browser.call(authRoute.PUT, 'PUT', '/api/auth/csrf')
    expect([answer.status, typeOf(answer)]).toEqual([405, PROBLEM])
  })
})
