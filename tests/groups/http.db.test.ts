import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as card from '../../app/api/cards/[groupId]/route.ts'
import * as cards from '../../app/api/cards/route.ts'
import * as restore from '../../app/api/groups/[groupId]/restore/route.ts'
import * as group from '../../app/api/groups/[groupId]/route.ts'
import * as start from '../../app/api/groups/[groupId]/start/route.ts'
import * as stop from '../../app/api/groups/[groupId]/stop/route.ts'
import * as target from '../../app/api/groups/[groupId]/targets/[targetId]/route.ts'
import * as restoreTargets from '../../app/api/groups/[groupId]/targets/restore/route.ts'
import * as targets from '../../app/api/groups/[groupId]/targets/route.ts'
import * as groups from '../../app/api/groups/route.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import { callRoute, type Handlers, METHODS, type Method, type Sent } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
let mine: string
let theirs: string

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  mine = (await makeSession(db(), await makeUser(db()))).cookie
  theirs = (await makeSession(db(), await makeUser(db()))).cookie
})

const ask = (
  method: Method,
  handlers: Handlers,
  params: Record<string, string> = {},
  sent: Sent = {},
) => callRoute(handlers, method, { cookie: mine, params, ...sent })

const makeOne = async (hosts = '127.0.0.1 127.0.0.2') =>
  (await ask('POST', groups, {}, { body: { id: newId(), name: 'One', hosts } })).json

describe('the HTTP interface of groups', () => {
  it('leads a group through its life', async () => {
    const id = newId()
    const body = { id, name: 'Life', hosts: '127.0.0.1 core\n127.0.0.2' }
    expect(await ask('POST', groups, {}, { body })).toMatchObject({
      status: 201,
      json: { id, added: [{ n: 1, label: 'core' }, { n: 2 }], skipped: [] },
    })
    expect(await ask('POST', groups, {}, { body })).toMatchObject({ status: 200, json: { id } })
    const at = { groupId: id }
    const hosts = ['127.0.0.3', '127.0.0.1']
    const added = await ask('POST', targets, at, { body: { hosts } })
    expect(added).toMatchObject({ status: 201, json: { added: [{ n: 3 }], skipped: [{}] } })
    expect(await ask('POST', targets, at, { body: { hosts } })).toMatchObject({
      status: 200,
      json: { added: [] },
    })
    const one = { ...at, targetId: added.json.added[0].id }
    expect(await ask('PATCH', target, one, { body: { state: 'stopped' } })).toMatchObject({
      status: 200,
      json: { state: 'stopped' },
    })
    expect((await ask('DELETE', target, one)).status).toBe(204)
    const undo = { body: { target_ids: [one.targetId] } }
    expect((await ask('POST', restoreTargets, at, undo)).json.targets).toHaveLength(1)
    expect((await ask('POST', stop, at)).json.targets).toHaveLength(2)
    expect((await ask('POST', start, at)).json.targets).toHaveLength(3)
    expect((await ask('GET', targets, at)).json.items).toHaveLength(3)
    const renamed = await ask('PATCH', group, at, { body: { name: 'Renamed' } })
    expect(renamed.json).toMatchObject({ name: 'Renamed', target_count: 3, role: 'owner' })
    expect((await ask('DELETE', group, at)).status).toBe(204)
    expect((await ask('GET', group, at)).status).toBe(404)
    expect((await ask('POST', restore, at)).status).toBe(200)
    expect((await ask('GET', group, at)).json).toEqual(
      (await ask('GET', groups)).json.items.find((item: { id: string }) => item.id === id),
    )
  })

  it('keeps my wall', async () => {
    const { id } = await makeOne()
    expect((await ask('DELETE', card, { groupId: id })).status).toBe(204)
    expect((await ask('PUT', card, { groupId: id })).json).toMatchObject({ id })
    const wall = (await ask('GET', cards)).json
    expect(wall).toMatchObject({ next_cursor: null })
    expect(wall.items.at(-1)).toMatchObject({ id, role: 'owner' })
  })

  it('knows an id in capitals as the same', async () => {
    const { id } = await makeOne()
    const shown = await ask('GET', group, { groupId: id.toUpperCase() })
    expect(shown.json).toMatchObject({ id })
  })

  it('asks everybody to sign in', async () => {
    for (const handlers of [groups, group, targets, target, stop, start, restore, cards, card]) {
      for (const method of METHODS) {
        expect((await ask(method, handlers, {}, { cookie: '' })).status).toBe(401)
      }
    }
  })

  it('answers a stranger byte for byte as if there were nothing', async () => {
    const { id, added } = await makeOne()
    const targetId: string = added[0].id
    const requests: [Method, Handlers, unknown?][] = [
      ['GET', group],
      ['PATCH', group, { name: 'x' }],
      ['DELETE', group],
      ['POST', restore],
      ['POST', stop],
      ['POST', start],
      ['GET', targets],
      ['POST', targets, { hosts: '127.0.0.1' }],
      ['POST', targets, { hosts: '999.1.1.1' }],
      ['POST', restoreTargets, { target_ids: [targetId] }],
      ['GET', target],
      ['PATCH', target, { label: 'x' }],
      ['DELETE', target],
      ['PUT', card],
    ]
    for (const [method, handlers, body] of requests) {
      const given = { cookie: theirs, body }
      const at = (groupId: string) => ({ groupId, ...(handlers === target && { targetId }) })
      const answer = await ask(method, handlers, at(id), given)
      expect(answer).toEqual(await ask(method, handlers, at(newId()), given))
      expect(answer.status).toBe(404)
    }
  })

  it('answers paths that do not exist yet with 404', async () => {
    const { id } = await makeOne()
    for (const targetId of ['preview', 'remove-unreachable', 'stop-unreachable']) {
      expect((await ask('POST', target, { groupId: id, targetId }, { body: {} })).status).toBe(404)
    }
  })
})
