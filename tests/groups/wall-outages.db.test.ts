import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { outages } from '#lib/db/schema.ts'
import { WallOutage } from '#lib/groups/past-contract.ts'
import { createGroup, removeCard } from '#lib/groups/write.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as route from '../../app/api/outages/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import { callRoute } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels, contextOf } = createSetting()
const T = Date.now() - 86_400_000
const at = (second: number) => new Date(T + second * 1_000)
const iso = (second: number) => at(second).toISOString()

let mine: TestUser
let cookie: string
beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  mine = await makeUser(db())
  cookie = (await makeSession(db(), mine)).cookie
})

let hosts = 0
/** A group whose one target ran in [0, 1000) and was dark in these spans of seconds. */
async function groupDarkIn(spans: [number, number | null][], owner = mine): Promise<string> {
  hosts += 1
  const input = { name: 'A group', hosts: `10.10.0.${hosts}` }
  const { group } = await createGroup(contextOf(owner), input)
  const [run] = await db().execute<{ probe_id: number }>(sql`
    update target_runs set started_at = ${iso(0)}, ended_at = ${iso(1_000)}
    where target_id = ${group.added[0]?.id} returning probe_id`)
  for (const [from, to] of spans) {
    await db()
      .insert(outages)
      .values({
        probeId: run?.probe_id ?? 0,
        startedAt: at(from),
        endedAt: to === null ? null : at(to),
        outcome: -1,
      })
  }
  return group.id
}

async function ask(query: string) {
  const { status, json } = await callRoute(route, 'GET', { cookie, query: `?${query}` })
  const items: WallOutage[] = (json.items ?? []).map((item: unknown) => WallOutage.parse(item))
  return { status, items, starts: items.map((o) => (Date.parse(o.started_at) - T) / 1_000) }
}

describe('GET /api/outages', () => {
  it('tells those that a window touches, and those before and after a moment', async () => {
    const first = await groupDarkIn([
      [-50, 10],
      [100, 160],
      [300, 330],
      [990, null],
    ])
    const second = await groupDarkIn([[101, 120]])
    await groupDarkIn([[200, 210]], await makeUser(db()))

    const touched = await ask(`from=${iso(110)}&to=${iso(310)}`)
    expect(touched.starts).toEqual([300, 101, 100])
    expect(touched.items.map(({ group_id }) => group_id)).toEqual([first, second, first])
    expect((await ask(`from=${iso(-100)}&to=${iso(2_000)}`)).starts).toEqual([
      990, 300, 101, 100, 0,
    ])

    const after = await ask(`after=${iso(103.5)}&limit=2`)
    expect(after.starts).toEqual([101, 300])
    // A second an echo, a second to wait: the third loss is known three seconds after the first left.
    expect(after.items[0]?.dark_at).toBe(iso(104))
    expect(after.items[1]?.ended_at).toBe(iso(330))
    expect((await ask(`before=${iso(103.5)}`)).starts).toEqual([100, 0])
    expect((await ask(`after=${iso(995)}`)).starts).toEqual([])
  })

  it('still tells those of a card that was taken off the wall', async () => {
    const groupId = await groupDarkIn([[600, 610]])
    await removeCard(contextOf(mine), { groupId })
    expect((await ask(`from=${iso(600)}&to=${iso(605)}`)).starts).toEqual([600])
  })

  it('refuses what is neither a window nor a moment', async () => {
    const bad = ['', `from=${iso(0)}`, `after=${iso(0)}&before=${iso(1)}`, 'after=soon', 'limit=2']
    for (const query of bad) expect((await ask(query)).status).toBe(400)
    expect((await ask(`after=${iso(0)}&from=${iso(0)}&to=${iso(1)}`)).status).toBe(400)
    expect((await callRoute(route, 'GET')).status).toBe(401)
  })
})
