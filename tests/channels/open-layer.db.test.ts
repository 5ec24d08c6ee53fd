import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireChannelLayer } from '#lib/channels/open-layer.ts'
import { SetUpFault } from '#lib/errors.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openFaultyRoad } from './faulty-road.ts'

const log = createLog('silent')

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

describe('requireChannelLayer', () => {
  it('is content with a PostgreSQL that is heard, and leaves no connection to it', async () => {
    const settings = { CHANNEL_LAYER: 'database', DATABASE_URL: database.url }
    await expect(requireChannelLayer(settings, log)).resolves.toBeUndefined()
  })

  it('says in one sentence for the operator that a pooler loses notifications', async () => {
    const road = await openFaultyRoad(database.url)
    road.loseNotifications()
    const settings = { CHANNEL_LAYER: 'database', DATABASE_URL: road.url }
    const failure = await requireChannelLayer(settings, log).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SetUpFault)
    expect(String(failure)).toContain('a transaction pooler stands in between')
    await road.close()
  })
})
