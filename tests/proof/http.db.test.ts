import { eq } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { targets } from '#lib/db/schema.ts'
import type { House } from '#lib/http/house.ts'
import { createLog } from '#lib/log.ts'
import * as proof from '../../app/api/groups/[groupId]/targets/[targetId]/proof/route.ts'
import { makeConfig, makeSession, makeUser, type TestUser } from '../support/factories.ts'
import type { MeasuredGroup } from '../support/measured-group.ts'
import { letIn } from '../support/proven-group.ts'
import { callRoute } from '../support/route-call.ts'
import { createSetting } from '../support/setting.ts'
import { measure, second } from '../support/told-results.ts'

const house = vi.hoisted(() => ({ opened: undefined as House | undefined }))
vi.mock('#lib/http/house.ts', () => ({ house: () => house.opened }))

const { db, channels } = createSetting()
const iso = (seconds: number) => second(seconds).toISOString()
const WINDOW = `from=${iso(0)}&to=${iso(60)}`
let user: TestUser
let cookie: string
let group: MeasuredGroup
const paramsOf = (i = 0, of = group) => ({ groupId: of.id, targetId: of.targets[i]?.id ?? '' })

beforeAll(async () => {
  house.opened = { db: db(), channels, log: createLog('silent'), config: makeConfig() }
  user = await makeUser(db())
  cookie = (await makeSession(db(), user)).cookie
  group = await measure(db(), '1 2 3')
  await letIn(db(), user, group)
})

const ask = (query: string, params = paramsOf(), as = cookie) =>
  callRoute(proof, 'GET', { cookie: as, params, query: `?${query}` })

describe('the path of proof packs', () => {
  it.each([
    ['from', 'from=yesterday'],
    ['to', `from=${iso(60)}&to=${iso(0)}`],
    ['from', `from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z`],
    ['from', 'from=2999-01-01T00:00:00Z&to=2999-01-02T00:00:00Z'],
    ['time_zone', `${WINDOW}&time_zone=Mars/Olympus`],
    ['locale', `${WINDOW}&locale=fr`],
  ])('refuses a wrong %s by its name: %s', async (path, query) => {
    const answer = await ask(query)
    expect(answer.status).toBe(400)
    expect(answer.json.issues).toMatchObject([{ path }])
  })

  it('answers a stranger exactly as if the group did not exist, and nobody with 401', async () => {
    const stranger = (await makeSession(db(), await makeUser(db()))).cookie
    const hidden = await ask(WINDOW, paramsOf(), stranger)
    const missing = { ...paramsOf(), groupId: newId() }
    expect(hidden).toEqual(await ask(WINDOW, missing, stranger))
    expect(hidden.status).toBe(404)
    expect((await ask(WINDOW, paramsOf(), '')).status).toBe(401)
  })

  it('knows no target that was removed, nor one of another group', async () => {
    const other = await measure(db(), '1')
    await letIn(db(), user, other)
    const foreign = await ask(WINDOW, { groupId: group.id, targetId: paramsOf(0, other).targetId })
    await db().update(targets).set({ deletedAt: new Date() }).where(eq(targets.groupId, other.id))
    expect(await ask(WINDOW, paramsOf(0, other))).toEqual(foreign)
    expect(foreign.status).toBe(404)
  })
})
