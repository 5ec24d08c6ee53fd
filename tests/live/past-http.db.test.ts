import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createGroup } from '#lib/groups/write.ts'
import type { House } from '#lib/http/house.ts'
import { PastGroup } from '#lib/live/past-contract.ts'
import { createLog } from '#lib/log.ts'
import * as events from '../../app/api/groups/[groupId]/past/events/route.ts'
import * as past from '../../app/api/groups/[groupId]/past/route.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import { createPastGroup } from '../support/past-group.ts'
import { callRoute } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels, contextOf } = createSetting()
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString()
const day = 86_400

let groupId: string
let cookie: string
let stranger: string
beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  const user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
  stranger = (await makeSession(db(), await makeUser(db()))).cookie
  groupId = (await createPastGroup(db(), contextOf(user))).id
})

const ask = (query: string, who = cookie, id = groupId) =>
  callRoute(past, 'GET', { cookie: who, params: { groupId: id }, query })
const askEvents = (query: string, who = cookie) =>
  callRoute(events, 'GET', { cookie: who, params: { groupId }, query })

describe('GET /api/groups/:id/past', () => {
  it('shows the group with the last 120 results of each target', async () => {
    const { status, json } = await ask(`?at=${ago(60)}`)
    expect(status).toBe(200)
    const shown = PastGroup.parse(json)
    expect(shown.group).toMatchObject({ id: groupId, role: 'owner', target_count: 4 })
    expect(shown.strips.map(({ v }) => v.length)).toEqual([120, 120, 120, 120])
    expect(shown.next_cursor).toBeNull()
  })

  it('is empty before the group was made', async () => {
    const { status, json } = await ask(`?at=${ago(3_600)}`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ group: null, targets: [], strips: [] })
  })

  it('refuses what is to come, what is no longer kept, and what is no time', async () => {
    for (const at of [ago(-60), ago(8 * day), 'yesterday', ''])
      expect((await ask(`?at=${at}`)).status).toBe(400)
    expect((await ask(`?at=${ago(8 * day)}`)).json.detail).toContain('no longer kept')
    expect((await ask('')).status).toBe(400)
  })

  it('answers a stranger exactly as if the group did not exist', async () => {
    const hidden = await ask(`?at=${ago(60)}`, stranger)
    const missing = await ask(`?at=${ago(60)}`, stranger, randomUUID())
    expect(hidden.status).toBe(404)
    expect(hidden.text).toBe(missing.text)
    expect((await ask(`?at=${ago(60)}`, '')).status).toBe(401)
  })

  it('tells the strips of many targets page by page', async () => {
    const user = await makeUser(db())
    const many = [...Array(501).keys()].map((i) => `127.12.${i >> 8}.${i & 255}`)
    const { group } = await createGroup(contextOf(user), { name: 'Many', hosts: many })
    const mine = (await makeSession(db(), user)).cookie
    const at = new Date().toISOString()
    const first = PastGroup.parse((await ask(`?at=${at}`, mine, group.id)).json)
    expect([first.targets.length, first.strips.length]).toEqual([501, 500])
    const query = `?at=${at}&cursor=${first.next_cursor}`
    const second = PastGroup.parse((await ask(query, mine, group.id)).json)
    expect([second.targets.length, second.strips.length]).toEqual([0, 1])
    expect(second.next_cursor).toBeNull()
  })
})

describe('GET /api/groups/:id/past/events', () => {
  it('tells what became known in a stretch', async () => {
    const { status, json } = await askEvents(`?from=${ago(60)}&to=${ago(30)}`)
    expect(status).toBe(200)
    expect(json.samples.v.length).toBeGreaterThan(90)
    expect(json.events).toEqual([])
  })

  it('refuses more than five minutes, a stretch turned round, and strangers', async () => {
    const bad = [`?from=${ago(400)}&to=${ago(60)}`, `?from=${ago(30)}&to=${ago(60)}`, '']
    for (const query of bad) expect((await askEvents(query)).status).toBe(400)
    expect((await askEvents(`?from=${ago(60)}&to=${ago(-60)}`)).status).toBe(400)
    expect((await askEvents(`?from=${ago(60)}&to=${ago(30)}`, stranger)).status).toBe(404)
  })
})
