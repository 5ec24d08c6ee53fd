import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '#lib/auth/context.ts'
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { createGroup, stopGroup } from '#lib/groups/write.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeContext, makeUser } from '../support/factories.ts'
import { until } from '../support/until.ts'
import { createFleet, type Fleet } from './fleet.ts'

const HEARD_MS = 500
const HOSTS = [...Array(200).keys()].map((i) => `127.4.0.${i + 1}`).join('\n')

type Moments = { begun_ms: number; first_ms: number; last_ms: number; ended_ms: number }

describe('a change of a group', () => {
  let database: TestDatabase
  let channels: RoadLayer
  let fleet: Fleet
  let ctx: Ctx
  beforeAll(async () => {
    database = await createTestDatabase()
    const config = { DATABASE_URL: database.url, CHANNEL_LAYER: 'database' }
    channels = openChannelLayer({ config, db: database.db, log: createLog('silent') })
    ctx = makeContext({ db: database.db, channels, user: await makeUser(database.db) })
    fleet = createFleet(database)
    fleet.start()
    await fleet.awaitShares([64], 30_000)
  })
  afterAll(async () => {
    await fleet?.close()
    await channels?.close()
    await database?.close()
  })

  async function momentsOf(groupId: string): Promise<Moments | undefined> {
    const [row] = await database.sql<Moments[]>`
      select extract(epoch from min(r.started_at)) * 1000 as begun_ms,
        extract(epoch from min(s.at)) * 1000 as first_ms,
        extract(epoch from max(s.at)) * 1000 as last_ms,
        extract(epoch from max(r.ended_at)) * 1000 as ended_ms
      from targets t join target_runs r on r.target_id = t.id
      join samples s on s.probe_id = t.probe_id where t.group_id = ${groupId}`
    return row
  }

  it('reaches the worker within half a second: begun echoes leave, stopped ones no more', async () => {
    const { group } = await createGroup(ctx, { name: 'a group', hosts: HOSTS })
    await until(async () => (await momentsOf(group.id))?.last_ms, 10_000)
    await stopGroup(ctx, { groupId: group.id })
    const stoppedMs = Date.now()
    await until(() => Date.now() > stoppedMs + 3 * HEARD_MS)
    const moments = await momentsOf(group.id)
    if (!moments) throw new Error('Nothing was measured.')
    expect(moments.first_ms - moments.begun_ms).toBeLessThan(HEARD_MS)
    expect(moments.last_ms - moments.ended_ms).toBeLessThan(HEARD_MS)
  })
})
