import { eq } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { memberships, targets } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import { SuccessRate } from '#lib/samples/contract.ts'
import { History } from '#lib/samples/history-contract.ts'
import * as successRate from '../../app/api/groups/[groupId]/success-rate/route.ts'
import * as json from '../../app/api/groups/[groupId]/targets/[targetId]/samples/route.ts'
import * as csv from '../../app/api/groups/[groupId]/targets/[targetId]/samples.csv/route.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import type { MeasuredGroup } from '../support/measured-group.ts'
import { recount } from '../support/recount.ts'
import { callRoute, type Handlers } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'
import { measure, second } from '../support/told-results.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
const WINDOW = `from=${second(0).toISOString()}&to=${second(60).toISOString()}`
let cookie: string
let group: MeasuredGroup

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  const user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
  const lines = [randomLine(60), randomLine(60), 'x x . 7']
  group = await measure(db(), ...lines)
  await db().insert(memberships).values({ groupId: group.id, userId: user.id, role: 'viewer' })
})

function randomLine(length: number): string {
  const word = () => {
    const chance = Math.random()
    if (chance < 0.1) return 'x'
    return chance < 0.2 ? '.' : String(Math.floor(Math.random() * 1_000_000))
  }
  return Array.from({ length }, word).join(' ')
}
const paramsOf = (i: number) => ({ groupId: group.id, targetId: group.targets[i]?.id ?? '' })
const ask = (handlers: Handlers, query: string, params = paramsOf(0), as = cookie) =>
  callRoute(handlers, 'GET', { cookie: as, params, query })

/** The exported rows of a target, as a person reads them. */
async function exported(i: number) {
  const { text } = await ask(csv, `?${WINDOW}`, paramsOf(i))
  const [, ...lines] = text.trimEnd().split('\r\n')
  return lines.map((line) => {
    const [at = '', , , ms = ''] = line.split(',')
    return { at, ms: ms === '' ? null : Number(ms) }
  })
}

describe('exporting what was measured', () => {
  it('gives rows from which the success rate is recounted to the digit', async () => {
    const query = `?floor_time=${second(0).toISOString()}&time_range=60`
    const params = { groupId: group.id }
    const told = await callRoute(successRate, 'GET', { cookie, params, query })
    const rate = SuccessRate.parse(told.json)
    const rows = await Promise.all(group.targets.map((_, i) => exported(i)))
    expect(rate).toMatchObject(recount(rows))
    for (const [i, target] of rate.targets.entries()) {
      expect(target).toMatchObject(recount([rows[i] ?? []]))
      expect(target.sent + target.not_measured).toBe(60)
    }
  })

  it('gives the same rows as JSON', async () => {
    const history = History.parse((await ask(json, `?${WINDOW}`)).json)
    expect(history.items.map((item) => ('rtt_ms' in item ? item.rtt_ms : undefined))).toEqual(
      (await exported(0)).map(({ ms }) => ms),
    )
  })

  it('gives buckets in both, where they are asked for', async () => {
    const buckets = (await ask(json, `?${WINDOW}&resolution=30`)).json
    expect(buckets).toMatchObject({ bucket_seconds: 30, items: [{}, {}] })
    const { text } = await ask(csv, `?${WINDOW}&resolution=30`)
    const [header, first] = text.split('\r\n')
    expect(header).toMatch(/^at,host,label,sent,received,lost,not_measured,success_rate,coverage,/)
    const { at: _, ...figures } = buckets.items[0]
    expect(first?.split(',').slice(3)).toEqual(
      Object.values(figures).map((value) => (value === null ? '' : String(value))),
    )
  })

  it('takes the last hour without a window', async () => {
    const { from, to, resolution } = (await ask(json, '')).json
    expect(Date.parse(to) - Date.parse(from)).toBe(3_600_000)
    expect(resolution).toBe('buckets')
  })
})

describe('the paths of a history', () => {
  it.each([
    ['from', 'from=yesterday'],
    ['to', 'to=1700000000'],
    ['to', `${WINDOW}&to=2026-01-31T08:00:00Z`],
    ['to', `from=${second(60).toISOString()}&to=${second(0).toISOString()}`],
    ['resolution', 'resolution=fine'],
    ['resolution', 'resolution=0'],
  ])('refuse a wrong %s by its name: %s', async (path, query) => {
    for (const handlers of [json, csv]) {
      const answer = await ask(handlers, `?${query}`)
      expect(answer.status).toBe(400)
      expect(answer.json.issues).toMatchObject([{ path }])
    }
  })

  it('answer a stranger exactly as if the group did not exist, and nobody with 401', async () => {
    const stranger = (await makeSession(db(), await makeUser(db()))).cookie
    for (const handlers of [json, csv]) {
      const hidden = await ask(handlers, '', paramsOf(0), stranger)
      const missing = { ...paramsOf(0), groupId: newId() }
      expect(hidden).toEqual(await ask(handlers, '', missing, stranger))
      expect(hidden.status).toBe(404)
      expect((await ask(handlers, '', paramsOf(0), '')).status).toBe(401)
    }
  })

  it('know no target of another group, nor one that was removed', async () => {
    const other = await measure(db(), '1')
    const foreign = { groupId: group.id, targetId: other.targets[0]?.id ?? '' }
    const missing = await ask(csv, '', { ...foreign, targetId: newId() })
    expect(missing.status).toBe(404)
    expect(await ask(csv, '', foreign)).toEqual(missing)
    const removed = paramsOf(2)
    const isIt = eq(targets.id, removed.targetId)
    await db().update(targets).set({ deletedAt: new Date() }).where(isIt)
    expect(await ask(json, '', removed)).toEqual(missing)
  })
})
