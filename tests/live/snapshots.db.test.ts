import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LayerEvents } from '#lib/channels/layer.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { createHub } from '#lib/live/hub.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeGroup, makeUser } from '../support/factories.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

describe('a snapshot under way', () => {
  it('serves all who ask meanwhile, but nobody who asks after a gap', async () => {
    const { db } = database
    const log = createLog('silent')
    const layer = createMemoryLayer({ log })
    const heard: Partial<LayerEvents> = {}
    const channels: typeof layer = {
      ...layer,
      on(event, handler) {
        Object.assign(heard, { [event]: handler })
        return layer.on(event, handler)
      },
    }
    const { snapshots } = await createHub({ db, log, channels, config: makeConfig() })
    const group = await makeGroup(db, await makeUser(db))
    const before = snapshots.read(group.id, undefined)
    expect(snapshots.read(group.id, undefined)).toBe(before)
    heard.gap?.()
    const after = snapshots.read(group.id, undefined)
    expect(after).not.toBe(before)
    expect(snapshots.read(group.id, undefined)).toBe(after)
    await Promise.all([before, after])
  })
})
