import { eq, sql } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { memberships, targets } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { Matrix } from '#lib/samples/matrix-contract.ts'
import * as matrix from '../../app/api/groups/[groupId]/matrix/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import type { MeasuredGroup } from '../support/measured-group.ts'
import { callRoute, METHODS } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'
import { measure, second, setRuns } from '../support/told-results.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
let user: TestUser
let cookie: string

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
})

/** A group that the asking person may see. */
async function measured(...lines: string[]): Promise<MeasuredGroup> {
  const group = await measure(db(), ...lines)
  await db().insert(memberships).values({ groupId: group.id, userId: user.id, role: 'viewer' })
  return group
}

const iso = (seconds: number) => second(seconds).toISOString()
const ask = (groupId: string, query: Record<string, string | number>, as = cookie) =>
  callRoute(matrix, 'GET', {
    ...(as && { cookie: as }),
    params: { groupId },
    query: `?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}`,
  })
const read = async (group: { id: string }, query: Record<string, string | number>) => {
  const { status, json } = await ask(group.id, { from: iso(0), to: iso(10), ...query })
  expect(status).toBe(200)
  return Matrix.parse(json)
}

describe('GET /api/groups/:id/matrix', () => {
  it('tells for each target and column what was sent, answered and not measured', async () => {
    const group = await measured('1000 x 3000 4000 . .', '5000 u x x x 7000', '. . . . . .')
    const [, , { id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [[probeId, 2, 6]])
    expect(await read(group, { to: iso(6), columns: 3 })).toMatchObject({
      from: iso(0),
      to: iso(6),
      bucket_seconds: 2,
      at: [iso(0), iso(2), iso(4)],
      next_cursor: null,
      targets: [
        {
          sent: [2, 2, 0],
          received: [1, 2, 0],
          not_measured: [0, 0, 2],
          outage_ms: [1_000, 0, 0],
          p50_us: [1_000, 3_000, -1],
        },
        {
          sent: [2, 2, 2],
          received: [1, 0, 1],
          not_measured: [0, 0, 0],
          outage_ms: [1_000, 2_000, 1_000],
          p50_us: [5_000, -1, 7_000],
        },
        { sent: [0, 0, 0], received: [0, 0, 0], not_measured: [0, 2, 2], p50_us: [-1, -1, -1] },
      ],
    })
  })

  it('begins and ends with columns that the window cuts', async () => {
    const group = await measured('1 2 3 4 5 6 7 8 9 10')
    const told = await read(group, { from: iso(3), to: iso(9), columns: 2 })
    expect(told.bucket_seconds).toBe(5)
    expect(told.at).toEqual([iso(3), iso(5)])
    expect(told.targets[0]?.sent).toEqual([2, 4])
  })

  it('is the same column by column, whichever page a target stands on', async () => {
    const group = await measured('1 x 3 4', '5 6 . 8', 'x x x x')
    const whole = await read(group, { columns: 10 })
    const pages: Matrix[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Matrix = await read(group, { columns: 10, limit: 1, ...(cursor && { cursor }) })
      pages.push(page)
      cursor = page.next_cursor
    }
    expect(pages).toHaveLength(3)
    expect(pages.flatMap((page) => page.targets)).toEqual(whole.targets)
    expect(new Set(pages.map(({ at }) => at.join())).size).toBe(1)
  })

  it('adds up to a recount of the stored results, and of summaries to the same', async () => {
    const group = await measured('.', '.')
    const ids = group.targets.map(({ probeId }) => probeId)
    await db().execute(sql`
      insert into samples
      select id, ${iso(0)}::timestamptz + i * interval '1 s',
        case when (i * 7 + id) % 11 = 0 then -1 else 1000 + i end
      from unnest(${sql.param(ids)}::int[]) id, generate_series(0, 1799) i where i % 13 <> 5`)
    const recounted = await db().execute<{ sent: number[]; received: number[] }>(sql`
      select array_agg(sent order by bucket) as sent, array_agg(received order by bucket) as received
      from (
        select probe_id, date_bin('1 minute', at, 'epoch') as bucket, count(*)::int as sent,
          (count(*) filter (where rtt_us >= 0))::int as received
        from samples where probe_id = any(${sql.param(ids)}::int[]) group by 1, 2
      ) b group by probe_id order by probe_id`)
    const window = { to: iso(1_800), columns: 30 }
    const exact = await read(group, window)
    expect(exact.bucket_seconds).toBe(60)
    expect(exact.targets.map(({ sent, received }) => ({ sent, received }))).toEqual([...recounted])
    const counts = ({ targets: rows }: Matrix) => rows.map(({ p50_us: _, ...row }) => row)
    house.opened = { ...houseNow(), config: makeConfig({ RAW_RETENTION_DAYS: 0 }) }
    const summed = await read(group, window)
    house.opened = { ...houseNow(), config: makeConfig() }
    expect(counts(summed)).toEqual(counts(exact))
  })

  it('has columns of whole minutes where minutes are all that is known', async () => {
    const group = await measured('1 2 3')
    house.opened = { ...houseNow(), config: makeConfig({ RAW_RETENTION_DAYS: 0 }) }
    const told = await read(group, { from: iso(0), to: iso(600), columns: 240 })
    house.opened = { ...houseNow(), config: makeConfig() }
    expect(told).toMatchObject({ bucket_seconds: 60, at: { length: 10 } })
  })

  it('tells of years in as few columns as of minutes', async () => {
    const group = await measured('1000 2000 x')
    const told = await read(group, { from: iso(10 - 3 * 365 * 86_400), columns: 240 })
    expect(told.bucket_seconds).toBe(5 * 86_400)
    expect(told.at.length).toBeLessThanOrEqual(241)
    expect(told.targets[0]?.sent.reduce((sum, sent) => sum + sent, 0)).toBe(3)
  })

  it('leaves out targets that were removed, and is empty for a group without any', async () => {
    const group = await measured('1 2', '3 4')
    for (const { id } of group.targets) {
      await db().update(targets).set({ deletedAt: new Date() }).where(eq(targets.id, id))
      const told = await read(group, {})
      expect(told.targets).toHaveLength(id === group.targets[0]?.id ? 1 : 0)
    }
  })

  it.each([
    ['columns', { columns: 0 }],
    ['columns', { columns: 241 }],
    ['limit', { limit: 0 }],
    ['cursor', { cursor: "1:1'" }],
    ['from', { from: 'yesterday' }],
    ['from', { from: '2000-01-01T00:00:00Z' }],
    ['to', { to: iso(-1) }],
  ])('refuses a %s that makes no sense and names it', async (path, query) => {
    const group = await measured('1')
    const { status, json } = await ask(group.id, { from: iso(0), to: iso(10), ...query })
    expect(status).toBe(400)
    expect(json.issues).toMatchObject([{ path }])
  })

  it('answers a stranger exactly as if the group did not exist', async () => {
    const group = await measured('1')
    const stranger = (await makeSession(db(), await makeUser(db()))).cookie
    const hidden = await ask(group.id, {}, stranger)
    expect(hidden).toEqual(await ask(newId(), {}, stranger))
    expect(hidden.status).toBe(404)
    expect((await ask(group.id, {}, '')).status).toBe(401)
  })

  it('is asked by GET alone', async () => {
    for (const method of METHODS.filter((other) => other !== 'GET')) {
      const sent = { cookie, params: { groupId: newId() } }
      expect((await callRoute(matrix, method, sent)).status).toBe(405)
    }
  })
})

function houseNow(): House {
  if (!house.opened) throw new Error('The house is open only while tests run.')
  return house.opened
}
