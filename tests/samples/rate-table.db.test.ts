import { eq } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { groups, memberships, targets } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { NO_FIGURES } from '#lib/samples/figures.ts'
import { rateFileName } from '#lib/samples/rate-table.ts'
import * as table from '../../app/api/groups/[groupId]/success-rate.csv/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import { callRoute } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'
import { FLOOR, measure } from '../support/told-results.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
const floor_time = new Date(FLOOR).toISOString()
let user: TestUser
let cookie: string

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
})

const ask = (groupId: string, query: string, as = cookie) =>
  callRoute(table, 'GET', { ...(as && { cookie: as }), params: { groupId }, query })

describe('GET /api/groups/:id/success-rate.csv', () => {
  it('holds a line of figures for each target, with nothing that a spreadsheet would run', async () => {
    const group = await measure(db(), '1000 2000 x 4000', '. . . .')
    await db().insert(memberships).values({ groupId: group.id, userId: user.id, role: 'viewer' })
    const [first] = group.targets
    await db()
      .update(targets)
      .set({ host: 'a.example', label: '=1+1, "core"' })
      .where(eq(targets.id, first?.id ?? ''))
    const { status, text } = await ask(group.id, `?floor_time=${floor_time}&time_range=4`)
    expect(status).toBe(200)
    const [head, one, two, rest] = text.split('\r\n')
    expect(head).toMatch(/^floor_time,time_range,host,label,sent,received,lost,not_measured,/)
    expect(one).toBe(
      `${floor_time},4,a.example,"'=1+1, ""core""",4,3,1,0,0.75,1,1,1,${7 / 3},4,2,4,4,1.5`,
    )
    expect(two).toMatch(/,,0,0,0,4,,0,,,,,,,,$/)
    expect(rest).toBe('')
  })

  it('is no larger a secret than the group', async () => {
    const group = await measure(db(), '1')
    const hidden = await ask(group.id, '')
    expect(hidden).toEqual(await ask(newId(), ''))
    expect(hidden.status).toBe(404)
    await db().update(groups).set({ visibility: 'public' }).where(eq(groups.id, group.id))
    expect((await ask(group.id, '')).status).toBe(200)
    expect((await ask(group.id, '', '')).status).toBe(401)
    expect((await ask(group.id, '?time_range=0')).status).toBe(400)
  })

  it.each([
    ['Data centre "east"', 'Data-centre-east'],
    ['核心', 'group'],
  ])('of the group %s is a file whose name any system takes', (name, plain) => {
    const nothing = { time_range: 1, ...NO_FIGURES, targets: [] }
    const rate = { floor_time: '2026-03-01T08:00:00.500Z', ...nothing }
    const told = { name, rate, labels: new Map() }
    expect(rateFileName(told)).toBe(`${plain}-20260301T080000Z.csv`)
  })
})
