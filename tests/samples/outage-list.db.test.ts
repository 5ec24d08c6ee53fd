import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { outages } from '#lib/db/schema.ts'
import { createGroup } from '#lib/groups/write.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { Outage } from '#lib/samples/contract.ts'
import { listOutages } from '#lib/samples/outage-list.ts'
import { forgetOld } from '#lib/samples/retention.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import * as route from '../../app/api/groups/[groupId]/targets/[targetId]/outages/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import { callRoute, METHODS } from '../support/route-call.ts'
import { createSetting, failureOf } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels, contextOf } = createSetting()
const T = Date.parse('2026-11-20T12:00:00Z')
const at = (second: number) => new Date(T + second * 1_000)
const WINDOW = { from: at(0), to: at(1_000), limit: 100, cursor: undefined }
const PATH = [
  { ttl: 1, from: '10.0.0.1' },
  { ttl: 2, from: null },
]

let mine: TestUser
let cookie: string
beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  mine = await makeUser(db())
  cookie = (await makeSession(db(), mine)).cookie
})

let hosts = 0
function newHost(): string {
  hosts += 1
  return `10.9.0.${hosts}`
}

/** A group of mine, or of somebody else, whose one target ran in these spans of seconds. */
async function targetOf(host: string, runs: [number, number | null][], owner = mine) {
  const { group } = await createGroup(contextOf(owner), { name: 'A group', hosts: host })
  const targetId = group.added[0]?.id ?? ''
  const [target] = await db().execute<{ probe_id: number }>(
    sql`select probe_id from targets where id = ${targetId}`,
  )
  const probeId = target?.probe_id ?? 0
  await db().execute(sql`delete from target_runs where target_id = ${targetId}`)
  for (const [from, to] of runs) {
    await db().execute(sql`insert into target_runs values (${targetId}, ${probeId},
      ${at(from).toISOString()}, ${to === null ? null : at(to).toISOString()})`)
  }
  return { groupId: group.id, targetId, probeId }
}

async function goDark(probeId: number, from: number, to: number | null, facts = {}) {
  const endedAt = to === null ? null : at(to)
  const row = { probeId, startedAt: at(from), endedAt, outcome: OUTCOME.lost, ...facts }
  await db().insert(outages).values(row)
}

const listed = async (of: { groupId: string; targetId: string }, window = {}) =>
  await listOutages(contextOf(mine), { ...of, ...WINDOW, ...window })
/** Each as `start-end why kind`, in seconds. */
const inShort = (items: Outage[]) =>
  items.map(({ started_at, ended_at, ended_by, kind }) => {
    const second = (iso: string | null) => (iso === null ? '' : (Date.parse(iso) - T) / 1_000)
    return `${second(started_at)}-${second(ended_at)} ${ended_by} ${kind}`
  })

describe('the outages of a target', () => {
  it('are told newest first, with what was met and the way that echoes took', async () => {
    const { probeId, ...of } = await targetOf(newHost(), [[0, null]])
    await goDark(probeId, 100, 130)
    const refused = { outcome: OUTCOME.unreachable, errorCode: 13, errorFrom: '10.0.0.9' }
    await goDark(probeId, 500, null, { ...refused, path: PATH })
    const { items, next_cursor } = await listed(of)
    expect(inShort(items)).toEqual(['500- null unreachable', '100-130 answer lost'])
    expect(items[0]).toMatchObject({ error: { code: 13, from: '10.0.0.9' }, path: PATH })
    expect(items[1]).toMatchObject({ error: null, path: null })
    expect(next_cursor).toBeNull()
    for (const item of items) Outage.parse(item)
  })

  it('are those that touch the window, and come page by page', async () => {
    const { probeId, ...of } = await targetOf(newHost(), [[0, null]])
    for (const from of [100, 200, 300, 400]) await goDark(probeId, from, from + 20)
    const touching = await listed(of, { from: at(219), to: at(400) })
    expect(inShort(touching.items)).toEqual(['300-320 answer lost', '200-220 answer lost'])
    expect((await listed(of, { from: at(220), to: at(300) })).items).toEqual([])
    const first = await listed(of, { limit: 3 })
    const cursor = new Date(first.next_cursor ?? '')
    const second = await listed(of, { limit: 3, cursor })
    expect(inShort([...first.items, ...second.items]).map((line) => line.split('-')[0])).toEqual([
      ...['400', '300', '200', '100'],
    ])
    expect(second.next_cursor).toBeNull()
  })

  it('are seen as far as the target ran, and no others', async () => {
    const host = newHost()
    const { probeId, ...of } = await targetOf(host, [
      [100, 200],
      [600, 700],
    ])
    const theirs = await targetOf(host, [[0, null]], await makeUser(db()))
    expect(theirs.probeId).toBe(probeId)
    const facts = { outcome: OUTCOME.ttlExceeded, errorFrom: '10.0.0.9', path: PATH }
    await goDark(probeId, 50, 120, facts)
    await goDark(probeId, 180, 650, facts)
    await goDark(probeId, 660, null, facts)
    await goDark(probeId, 300, 400, facts)
    const { items } = await listed(of)
    expect(inShort(items)).toEqual([
      '660-700 stop ttl_exceeded',
      '600-650 answer null',
      '180-200 stop ttl_exceeded',
      '100-120 answer null',
    ])
    // What was met before the target ran was told to somebody else.
    expect(items.map(({ error, path }) => [error?.from, path?.length])).toEqual([
      ['10.0.0.9', 2],
      [undefined, undefined],
      ['10.0.0.9', 2],
      [undefined, undefined],
    ])
  })

  it('are of the last day where no window is asked for', async () => {
    const { probeId, ...of } = await targetOf(newHost(), [[0, null]])
    const agoMs = (hours: number) => (Date.now() - T) / 1_000 - hours * 3_600
    await goDark(probeId, agoMs(30), agoMs(29))
    await goDark(probeId, agoMs(20), agoMs(19))
    const { items } = await listOutages(contextOf(mine), { ...of, limit: 10 })
    expect(items).toHaveLength(1)
  })

  it('are forgotten with the summaries of their minutes, unless they go on', async () => {
    const { probeId, ...of } = await targetOf(newHost(), [[0, null]])
    await goDark(probeId, 100, 130)
    await goDark(probeId, 100 + 86_400, 130 + 86_400)
    const other = await targetOf(newHost(), [[0, null]])
    await goDark(other.probeId, 100, null)
    const retention = makeConfig({ MINUTE_RETENTION_DAYS: 30 })
    await forgetOld(db(), at(130 + 30 * 86_400 + 1), retention)
    const all = { from: at(0), to: at(60 * 86_400) }
    expect((await listed(of, all)).items).toHaveLength(1)
    expect((await listed(other, all)).items).toHaveLength(1)
  })

  it('answer a stranger as if there were no such group, and know no target of another', async () => {
    const one = await targetOf(newHost(), [[0, null]])
    const other = await targetOf(newHost(), [[0, null]])
    const stranger = contextOf(await makeUser(db()))
    const hidden = await failureOf(listOutages(stranger, { ...one, ...WINDOW }))
    const missing = await failureOf(listed({ ...one, groupId: randomUUID() }))
    expect([hidden.status, hidden.message]).toEqual([404, missing.message])
    const elsewhere = { groupId: one.groupId, targetId: other.targetId }
    expect(await failureOf(listed(elsewhere))).toMatchObject({ status: 404 })
  })
})

describe('GET /api/groups/:id/targets/:targetId/outages', () => {
  it('answers with a page, or says what is wrong', async () => {
    const { probeId, ...params } = await targetOf(newHost(), [[0, null]])
    await goDark(probeId, 100, 130)
    const window = `?from=${at(0).toISOString()}&to=${at(1_000).toISOString()}`
    const ask = (query: string) => callRoute(route, 'GET', { cookie, params, query })
    expect(await ask(window)).toMatchObject({
      status: 200,
      json: { items: [{ kind: 'lost', ended_by: 'answer' }], next_cursor: null },
    })
    const backwards = `?to=${at(0).toISOString()}&from=${at(1_000).toISOString()}`
    for (const query of [backwards, '?from=yesterday', '?limit=0', '?cursor=1', '?page=2'])
      expect([query, (await ask(query)).status]).toEqual([query, 400])
    expect((await ask('?to=0001-01-01T00:00:00Z')).json).toEqual({ items: [], next_cursor: null })
    expect((await callRoute(route, 'GET', { params })).status).toBe(401)
    for (const method of METHODS.filter((name) => name !== 'GET'))
      expect((await callRoute(route, method, { cookie, params })).status).toBe(405)
  })
})
