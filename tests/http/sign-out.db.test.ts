import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hashPassword } from '#lib/auth/password.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { groupOfUser } from '#lib/channels/names.ts'
import { sessions } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as authRoute from '../../app/api/auth/[...nextauth]/route.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeUser, type TestUser } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { BASE, makeBrowser, PASSWORD, PROBLEM, typeOf } from '../support/small-browser.ts'
import { until } from '../support/until.ts'

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

describe('signing out over HTTP', () => {
  it('ends the session and tells its live connections', async () => {
    const browser = makeBrowser(user)
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
    const browser = makeBrowser(user)
    await browser.signIn()
    vi.spyOn(channels, 'groupSend').mockRejectedValueOnce(new Error('no layer'))
    const answer = await browser.signOut()
    expect([answer.status, typeOf(answer)]).toEqual([500, PROBLEM])
    expect((await browser.me()).status).toBe(200)
    expect((await browser.signOut()).status).toBe(200)
    expect((await browser.me()).status).toBe(401)
  })

  it('shows in the session that next-auth reports', async () => {
    const browser = makeBrowser(user)
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
      (await makeBrowser(user, { accept: 'text/html' }).get(path)).headers.get('location')
    expect(await locationOf('/api/auth/signin')).toMatch(/^\/sign-in\?/)
    expect(await locationOf('/api/auth/signout')).toBe('/sign-in')
    expect(await locationOf('/api/auth/error?error=rate_limited')).toMatch(/^\/sign-in\?error=/)
  })

  it('do not exist unless they are in use', async () => {
    const browser = makeBrowser(user)
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
    const browser = makeBrowser(user)
    await browser.signIn()
    const answer = await browser.call(authRoute.PUT, 'PUT', '/api/auth/csrf')
    expect([answer.status, typeOf(answer)]).toEqual([405, PROBLEM])
  })
})
