import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as markRoute from '../../app/api/groups/[groupId]/marks/[markId]/route.ts'
import * as restore from '../../app/api/groups/[groupId]/marks/restore/route.ts'
import * as marks from '../../app/api/groups/[groupId]/marks/route.ts'
import { makeConfig, makeGroup, makeSession, makeUser } from '../support/factories.ts'
import { callRoute, type Handlers, type Method } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
let cookie: string
let groupId: string

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  const user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
  groupId = (await makeGroup(db(), user)).id
})

const ask = (
  method: Method,
  handlers: Handlers,
  given: { body?: unknown; markId?: string } = {},
) => {
  const { body, markId } = given
  return callRoute(handlers, method, {
    cookie,
    params: { groupId, ...(markId && { markId }) },
    body,
  })
}

describe('the HTTP interface of marks', () => {
  it('leads a mark through its life', async () => {
    const body = { id: newId(), at: '2026-01-31T08:00:00+08:00', text: '  换了上联  ' }
    const made = await ask('POST', marks, { body })
    expect(made).toMatchObject({
      status: 201,
      json: { id: body.id, at: '2026-01-31T00:00:00.000Z', text: '换了上联' },
    })
    expect((await ask('POST', marks, { body })).status).toBe(200)
    expect((await ask('GET', marks)).json).toEqual({ items: [made.json], next_cursor: null })
    expect((await ask('DELETE', markRoute, { markId: body.id })).status).toBe(204)
    expect((await ask('DELETE', markRoute, { markId: body.id })).status).toBe(404)
    const restored = await ask('POST', restore, { body: { mark_ids: [body.id] } })
    expect(restored).toMatchObject({ status: 200, json: { marks: [made.json] } })
  })

  it.each([
    ['text', { text: '' }],
    ['text', { text: 'x'.repeat(201) }],
    ['text', { text: 'two\nlines' }],
    ['at', { text: 'x', at: 'yesterday' }],
    ['id', { text: 'x', id: 'mine' }],
    ['', { text: 'x', by: 'me' }],
  ])('refuses a wrong %s: %o', async (path, body) => {
    const answer = await ask('POST', marks, { body })
    expect(answer.status).toBe(400)
    expect(answer.json.issues).toMatchObject([{ path }])
  })

  it('knows no deed upon a mark, and no mark without an id', async () => {
    expect((await ask('POST', markRoute, { markId: 'rename' })).status).toBe(404)
    expect((await ask('DELETE', markRoute, { markId: 'x' })).status).toBe(400)
    expect((await ask('POST', restore, { body: { mark_ids: [] } })).status).toBe(400)
  })
})
