import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeSetupToken } from '#lib/accounts/setup.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Db } from '#lib/db/client.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as catchAll from '../../app/api/[[...path]]/route.ts'
import * as me from '../../app/api/me/route.ts'
import * as session from '../../app/api/sessions/[id]/route.ts'
import * as sessions from '../../app/api/sessions/route.ts'
import * as setup from '../../app/api/setup/route.ts'
import * as users from '../../app/api/users/route.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import { callRoute as ask, type Handlers, METHODS, type Method } from '../support/route-call.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const log = createLog('silent')
const channels = createMemoryLayer({ log })
let database: TestDatabase
let admin: string
let member: string

const openHouse = (db: Db) => ({ db, channels, log, config: makeConfig() })

beforeAll(async () => {
  database = await createTestDatabase()
  house.opened = openHouse(database.db)
  admin = await makeCookieOf('admin')
  member = await makeCookieOf('member')
})
afterAll(() => database.close())

async function makeCookieOf(role: 'member' | 'admin'): Promise<string> {
  return (await makeSession(database.db, await makeUser(database.db, { role }))).cookie
}
const wish = () => ({ employee_no: `N${newId()}`, password: 'correct horse', name: 'N' })

describe('the way from an empty installation', () => {
  let empty: TestDatabase
  beforeAll(async () => {
    empty = await createTestDatabase()
    house.opened = openHouse(empty.db)
  })
  afterAll(async () => {
    house.opened = openHouse(database.db)
    await empty.close()
  })

  it('leads through POST /api/setup without a session', async () => {
    const token = await makeSetupToken(empty.db)
    const wrong = await ask(setup, 'POST', { body: { ...wish(), token: 'ew_setup_wrong' } })
    expect(wrong.status).toBe(404)
    expect((await ask(setup, 'POST', { body: { token } })).status).toBe(400)
    const made = await ask(setup, 'POST', { body: { ...wish(), token } })
    expect(made).toMatchObject({ status: 201, json: { role: 'admin' } })
    const again = await ask(setup, 'POST', { body: { ...wish(), token } })
    expect(again).toEqual(wrong)
  })
})

describe('every path', () => {
  it.each([
    ['GET', users],
    ['POST', users],
    ['DELETE', users],
    ['GET', me],
    ['PATCH', me],
    ['GET', sessions],
    ['DELETE', session],
    ['GET', catchAll],
    ['POST', catchAll],
    ['GET', setup],
  ] as [Method, Handlers][])('answers %s without a session with 401', async (method, handlers) => {
    const answer = await ask(handlers, method, { params: { id: newId() } })
    expect(answer.status).toBe(401)
  })

  it('that does not exist answers 404 to whoever has a session', async () => {
    for (const method of METHODS) {
      expect((await ask(catchAll, method, { cookie: member })).status).toBe(404)
    }
  })

  it('answers 405 to a method it does not know', async () => {
    const answer = await ask(users, 'DELETE', { cookie: admin })
    expect(answer).toMatchObject({ status: 405, json: { detail: 'This path answers GET, POST.' } })
  })
})

describe('/api/users', () => {
  it('makes accounts for administrators alone', async () => {
    const made = await ask(users, 'POST', { cookie: admin, body: wish() })
    expect(made).toMatchObject({ status: 201, json: { role: 'member' } })
    expect((await ask(users, 'POST', { cookie: member, body: wish() })).status).toBe(403)
  })

  it('names the field that is wrong', async () => {
    const refused = await ask(users, 'POST', { cookie: admin, body: { ...wish(), password: 'x' } })
    expect(refused).toMatchObject({ status: 400, json: { issues: [{ path: 'password' }] } })
    const unknown = await ask(users, 'POST', { cookie: admin, body: { ...wish(), admin: true } })
    expect(unknown.status).toBe(400)
    const taken = wish()
    await ask(users, 'POST', { cookie: admin, body: taken })
    const conflict = await ask(users, 'POST', { cookie: admin, body: taken })
    expect(conflict).toMatchObject({ status: 409, json: { issues: [{ path: 'employee_no' }] } })
  })

  it('lists them in bounded pages', async () => {
    const page = await ask(users, 'GET', { cookie: admin, query: '?limit=1' })
    expect(page.json.items).toHaveLength(1)
    expect(page.json.next_cursor).toBe(page.json.items[0].id)
    for (const query of ['?limit=0', '?limit=501', '?limit=x', '?cursor=x', '?page=2']) {
      expect((await ask(users, 'GET', { cookie: admin, query })).status).toBe(400)
    }
    expect((await ask(users, 'GET', { cookie: member })).status).toBe(403)
  })
})

describe('/api/me and /api/sessions', () => {
  it('show and change the person who asks', async () => {
    expect((await ask(me, 'GET', { cookie: member })).status).toBe(200)
    const renamed = await ask(me, 'PATCH', { cookie: member, body: { name: 'Renamed' } })
    expect(renamed).toMatchObject({ status: 200, json: { name: 'Renamed' } })
    const refused = await ask(me, 'PATCH', { cookie: member, body: { role: 'admin' } })
    expect(refused.status).toBe(400)
  })

  it('end a session of mine, and then I am nobody', async () => {
    const user = await makeUser(database.db)
    const { sessionId, cookie } = await makeSession(database.db, user)
    const end = (id: string, by: string) => ask(session, 'DELETE', { cookie: by, params: { id } })
    expect((await end('x', cookie)).status).toBe(400)
    expect(await end(sessionId, admin)).toEqual(await end(newId(), admin))
    expect((await end(sessionId, cookie)).status).toBe(204)
    expect((await ask(me, 'GET', { cookie })).status).toBe(401)
  })
})
