import { v7 as newId } from 'uuid'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { canaryReadings } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { Floor } from '#lib/samples/contract.ts'
import { showFloor } from '#lib/samples/floor.ts'
import * as route from '../../app/api/floor/route.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import { callRoute, METHODS } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels, person } = createSetting()
const T = Date.parse('2026-11-20T12:00:00Z')
const at = (second: number) => new Date(T + second * 1_000)

const CALM = { sent: 50, received: 50, minUs: 30, medianUs: 40, maxUs: 90 }
const COUNTS = { echoes: 1_000, latenessUs: 500, overdue: 1, unsent: 0, receiveDrops: 0 }

/** Ten seconds of one worker, from that second on. */
async function reading(second: number, given: Partial<typeof canaryReadings.$inferInsert> = {}) {
  const times = { at: at(second), endedAt: at(second + 10) }
  const quiet = { ...CALM, ...COUNTS, lateReplies: 0, duplicates: 0 }
  await db()
    .insert(canaryReadings)
    .values({ worker: newId(), ...times, ...quiet, ...given })
}

beforeEach(async () => {
  await db().delete(canaryReadings)
})

describe('the floor of a window', () => {
  const floorOf = async (from: number, to: number) =>
    await showFloor((await person()).ctx, { from: at(from), to: at(to) })

  it('is what the worst of the workers measured of itself, step by step', async () => {
    await reading(0)
    await reading(0, { medianUs: 700, maxUs: 9_000, latenessUs: 20_000, overdue: 900, unsent: 5 })
    await reading(20, { receiveDrops: 3 })
    const floor = await floorOf(0, 60)
    expect(floor).toEqual({
      from: at(0).toISOString(),
      to: at(60).toISOString(),
      step_seconds: 10,
      points: [
        {
          at: at(0).toISOString(),
          ...{ median_ms: 0.7, max_ms: 9, lateness_ms: 20, sent: 100, received: 100 },
          ...{ echoes: 2_000, overdue: 901, unsent: 5, receive_drops: 0 },
        },
        {
          at: at(20).toISOString(),
          ...{ median_ms: 0.04, max_ms: 0.09, lateness_ms: 0.5, sent: 50, received: 50 },
          ...{ echoes: 1_000, overdue: 1, unsent: 0, receive_drops: 3 },
        },
      ],
    })
    Floor.parse(floor)
  })

  it('is unknown, and not zero, where a worker heard nothing of itself', async () => {
    await reading(0, { received: 0, minUs: null, medianUs: null, maxUs: null })
    expect((await floorOf(0, 10)).points).toMatchObject([
      { median_ms: null, max_ms: null, sent: 50, received: 0 },
    ])
  })

  it('holds the readings that reach into the window, and no others', async () => {
    for (const second of [-10, -5, 55, 60]) await reading(second, { echoes: second + 100 })
    const { points } = await floorOf(0, 60)
    expect(points.map((point) => [Date.parse(point.at) - T, point.echoes])).toEqual([
      [0, 95],
      [50_000, 155],
    ])
  })

  it('has at most 500 steps, however long the window', async () => {
    for (const second of [0, 100, 3_000_000]) await reading(second)
    const floor = await floorOf(0, 3_000_001)
    expect(floor.step_seconds).toBe(6_001)
    expect(floor.points.map(({ sent }) => sent)).toEqual([100, 50])
  })
})

describe('GET /api/floor', () => {
  it('answers everybody who has signed in, for the last hour without a window', async () => {
    house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
    const { cookie } = await makeSession(db(), await makeUser(db()))
    const ask = (query: string) => callRoute(route, 'GET', { cookie, query })
    await reading((Date.now() - T) / 1_000 - 60)
    await reading((Date.now() - T) / 1_000 - 4_000)
    expect(await ask('')).toMatchObject({ status: 200, json: { points: [{ sent: 50 }] } })
    const backwards = `?to=${at(0).toISOString()}&from=${at(10).toISOString()}`
    for (const query of [backwards, `?from=9999-12-31T23:59:59Z`, '?from=', '?step=1'])
      expect([query, (await ask(query)).status]).toEqual([query, 400])
    for (const query of ['?to=0001-01-01T00:00:00Z', '?from=0001-01-01T00:00:00Z'])
      expect([query, (await ask(query)).status]).toEqual([query, 200])
    expect((await callRoute(route, 'GET')).status).toBe(401)
    for (const method of METHODS.filter((name) => name !== 'GET'))
      expect((await callRoute(route, method, { cookie })).status).toBe(405)
  })
})
