import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as group from '../../app/api/groups/[groupId]/route.ts'
import * as target from '../../app/api/groups/[groupId]/targets/[targetId]/route.ts'
import * as targets from '../../app/api/groups/[groupId]/targets/route.ts'
import * as groups from '../../app/api/groups/route.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import { callRoute, type Handlers, type Method, type Sent } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
let cookie: string
let id: string

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  cookie = (await makeSession(db(), await makeUser(db()))).cookie
  const body = { name: 'One', hosts: '127.0.0.1 127.0.0.2' }
  id = (await ask('POST', groups, {}, { body })).json.id
})

const ask = (
  method: Method,
  handlers: Handlers,
  params: Record<string, string> = {},
  sent: Sent = {},
) => callRoute(handlers, method, { cookie, params, ...sent })

describe('bad input to groups', () => {
  it.each([
    ['broken JSON', { text: '{"name":' }, 400, ''],
    ['a body that is no object', { text: '[]' }, 400, ''],
    ['no name', { body: {} }, 400, 'name'],
    ['a name of 10,000 characters', { body: { name: 'x'.repeat(10_000) } }, 400, 'name'],
    ['an unknown field', { body: { name: 'a', nmae: 'b' } }, 400, 'nmae'],
    ['a malformed id', { body: { name: 'a', id: '7' } }, 400, 'id'],
    ['a wrong parameter', { body: { name: 'a', parameters: { ttl: 0 } } }, 400, 'parameters.ttl'],
    ['an unknown parameter', { body: { name: 'a', parameters: { t: 0 } } }, 400, 'parameters'],
    ['hosts of a wrong kind', { body: { name: 'a', hosts: 7 } }, 400, 'hosts'],
    ['hosts of wrong kinds', { body: { name: 'a', hosts: ['127.0.0.1', 7] } }, 400, 'hosts'],
    ['no usable address', { body: { name: 'a', hosts: '999.1.1.1' } }, 400, 'hosts'],
    ['100,000 addresses', { body: { name: 'a', hosts: Array(100_000).fill('::1') } }, 400, 'hosts'],
    ['a body of 10 MB', { text: JSON.stringify({ name: 'x'.repeat(10_000_000) }) }, 413, ''],
  ])('refuses %s and makes nothing', async (_, given, status, field) => {
    const before = (await ask('GET', groups)).json
    const answer = await ask('POST', groups, {}, given)
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ type: 'urn:echowall:problem:invalid' })
    if (field) expect(answer.text).toContain(field)
    expect((await ask('GET', groups)).json).toEqual(before)
  })

  it('says of 100,000 addresses how many one request may hold', async () => {
    const body = { name: 'a', hosts: Array(100_000).fill('::1') }
    expect((await ask('POST', groups, {}, { body })).json.detail).toContain('10,000')
    const hosts = Array.from({ length: 65_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join(' ')
    const { json } = await ask('POST', targets, { groupId: id }, { body: { hosts } })
    expect(json).toMatchObject({ status: 400, detail: expect.stringContaining('10,000') })
  })

  it('names a malformed id of a path', async () => {
    for (const groupId of ['7', 'null', `${id}0`, '%00', "'--"]) {
      const answer = await ask('GET', group, { groupId })
      expect(answer).toMatchObject({ status: 400, json: { issues: [{ path: 'groupId' }] } })
    }
    const wrong = await ask('PATCH', target, { groupId: id, targetId: 'x' }, { body: {} })
    expect(wrong.json).toMatchObject({ status: 400, issues: [{ path: 'targetId' }] })
  })

  it('refuses a malformed cursor, a limit out of bounds, and an unknown query', async () => {
    for (const query of ['?cursor=x', '?limit=0', '?limit=1e9', '?limit=many', '?page=2']) {
      expect((await ask('GET', groups, {}, { query })).status).toBe(400)
      expect((await ask('GET', targets, { groupId: id }, { query })).status).toBe(400)
    }
    for (const query of ['?cursor=1--2:3', '?cursor=1e:3', '?cursor=.:3', '?cursor=1.2.3:3']) {
      expect((await ask('GET', targets, { groupId: id }, { query })).status).toBe(400)
    }
  })

  it('takes every cursor that is a number, however large or small', async () => {
    for (const [cursor, left] of [
      ['1e-999:0', 2],
      ['5e-324:0', 2],
      ['1e999:0', 0],
    ]) {
      const page = await ask('GET', targets, { groupId: id }, { query: `?cursor=${cursor}` })
      expect(page.json.items).toHaveLength(Number(left))
    }
  })
})
