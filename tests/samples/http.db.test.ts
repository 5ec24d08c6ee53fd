import { eq } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { groups, memberships } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { SuccessRate } from '#lib/samples/contract.ts'
import * as successRate from '../../app/api/groups/[groupId]/success-rate/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import { callRoute, METHODS } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'
import { FLOOR, measure } from '../support/told-results.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
const floor_time = new Date(FLOOR).toISOString()
let user: TestUser
let cookie: string
let groupId: string

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
  groupId = (await measure(db(), '1000 2000 x 4000')).id
  await db().insert(memberships).values({ groupId, userId: user.id, role: 'viewer' })
})

const ask = (query: string, params = { groupId }, as: string | undefined = cookie) =>
  callRoute(successRate, 'GET', { ...(as && { cookie: as }), params, query })

describe('GET /api/groups/:id/success-rate', () => {
  it('tells a viewer the rate of the window that was asked for', async () => {
    const answer = await ask(`?floor_time=${floor_time}&time_range=4`)
    expect(answer.status).toBe(200)
    expect(SuccessRate.parse(answer.json)).toMatchObject({
      floor_time,
      time_range: 4,
      success_rate: 0.75,
      targets: [{ sent: 4, avg_ms: 7 / 3 }],
    })
  })

  it('takes the last two minutes without a window, and times of any zone', async () => {
    expect((await ask('')).json).toMatchObject({ time_range: 120, sent: 0, success_rate: null })
    const inBeijing = new Date(FLOOR + 8 * 3_600_000).toISOString().replace('Z', '%2B08:00')
    const answer = await ask(`?floor_time=${inBeijing}&time_range=4`)
    expect(answer.json).toMatchObject({ floor_time, sent: 4 })
  })

  it.each([
    ...['tomorrow', '', '2026-02-30T00:00:00Z', '2026-01-31', '2026-01-31T08:00:00'],
    ...['1700000000', '0000-12-31T23:59:59Z', '0001-01-01T00:00:00%2B01:00', '+275760-09-13'],
    ...['2026-01-31T08:00:00 08:00', `${floor_time}&floor_time=${floor_time}`, '%00'],
  ])('refuses floor_time=%s and names the field', async (given) => {
    const { status, json } = await ask(`?floor_time=${given}`)
    expect(status).toBe(400)
    expect(json.issues).toMatchObject([{ path: 'floor_time' }])
    expect(json.detail).toContain('floor_time: a')
  })

  it.each([
    ...['0', '-1', '0.5', '1.5', 'NaN', 'Infinity', '', '%20', '1e3', '0x10', '94608001'],
    ...['9'.repeat(400), '60&time_range=60', 'two%20minutes'],
  ])('refuses time_range=%s and names the field', async (given) => {
    const { status, json } = await ask(`?time_range=${given}`)
    expect(status).toBe(400)
    expect(json.issues).toEqual([
      { path: 'time_range', message: 'whole seconds, from 1 to 94608000 (3 years)' },
    ])
  })

  it('takes a window of a second and of three years, wherever it lies', async () => {
    const windows = [
      `?floor_time=${floor_time}&time_range=1`,
      '?time_range=94608000',
      '?floor_time=0001-01-01T00:00:00Z',
      '?floor_time=9999-12-31T23:59:59Z&time_range=94608000',
    ]
    const answers = await Promise.all(windows.map((query) => ask(query)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(answers.map(({ json }) => json.sent)).toEqual([1, 4, 0, 0])
  })

  it('refuses parameters that it does not know', async () => {
    expect((await ask('?window=60')).status).toBe(400)
  })

  it('answers a stranger exactly as if the group did not exist', async () => {
    const stranger = (await makeSession(db(), await makeUser(db()))).cookie
    const hidden = await ask('?time_range=60', { groupId }, stranger)
    expect(hidden).toEqual(await ask('?time_range=60', { groupId: newId() }, stranger))
    expect(hidden.status).toBe(404)
    await db().update(groups).set({ visibility: 'public' }).where(eq(groups.id, groupId))
    expect((await ask('', { groupId }, stranger)).status).toBe(200)
    await db().update(groups).set({ visibility: 'private' }).where(eq(groups.id, groupId))
    expect((await ask('', { groupId }, '')).status).toBe(401)
  })

  it('tells one target alone where it is asked of it', async () => {
    const group = await measure(db(), '1000 x', '3000 3000')
    await db().insert(memberships).values({ groupId: group.id, userId: user.id, role: 'viewer' })
    const [first, second] = group.targets.map(({ id }) => id)
    const query = `?floor_time=${floor_time}&time_range=2`
    const all = await ask(query, { groupId: group.id })
    const one = await ask(`${query}&target_id=${second}`, { groupId: group.id })
    const told = SuccessRate.parse(one.json)
    expect(told.targets).toEqual([SuccessRate.parse(all.json).targets[1]])
    expect(told).toMatchObject({ sent: 2, received: 2, avg_ms: 3 })
    expect((await ask(`${query}&target_id=${first}`)).status).toBe(404)
    expect((await ask(`${query}&target_id=x`)).status).toBe(400)
  })

  it('is asked by GET alone', async () => {
    for (const method of METHODS.filter((other) => other !== 'GET')) {
      const answer = await callRoute(successRate, method, { cookie, params: { groupId } })
      expect(answer.status).toBe(405)
    }
  })
})
