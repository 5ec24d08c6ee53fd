import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { ACCESS, groupOfWatchers } from '#lib/channels/names.ts'
import type { Connection } from '#lib/live/connection.ts'
import { createWallConsumer } from '#lib/live/consumers/wall.ts'
import { createHub } from '#lib/live/hub.ts'
import { createReader } from '#lib/live/reader.ts'
import { readScope, type Scope } from '#lib/live/scope.ts'
import { textOf } from '#lib/live/shared-frame.ts'
import { createLog } from '#lib/log.ts'
import { bareRequest } from '../support/bare-request.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeGroup, makeSession, makeUser } from '../support/factories.ts'
import { until } from '../support/until.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

async function setUp() {
  const { db } = database
  const log = createLog('silent')
  const channels = createMemoryLayer({ log })
  const here = { db, log, channels, config: makeConfig() }
  const user = await makeUser(db)
  const { cookie } = await makeSession(db, user)
  const scope = await readScope(here, bareRequest({ headers: { cookie } }), 'websocket', {})
  return { here, channels, scope, hub: await createHub(here), group: await makeGroup(db, user) }
}

describe('rights', () => {
  it('that change a hundred times at once are read a few times, and the topic goes on', async () => {
    const { here, channels, scope, hub, group } = await setUp()
    const types: string[] = []
    let readings = 0
    const counting: Scope = {
      ...scope,
      identify() {
        readings += 1
        return scope.identify()
      },
    }
    const connection: Connection = {
      id: 'live.test!1',
      transport: 'websocket',
      write: (frame) => void types.push(JSON.parse(textOf(frame)).type),
      probe: () => {},
      bufferedBytes: () => 0,
      onDrain: () => {},
      close: () => {},
    }
    const options = { here, hub, connection, createConsumer: createWallConsumer }
    const reader = createReader({ ...options, scope: counting })
    reader.receive(JSON.stringify({ type: 'follow', topic: `group:${group.id}` }))
    await until(() => types.includes('snapshot'))
    for (let i = 0; i < 100; i += 1) await channels.groupSend(ACCESS, { type: 'access.changed' })
    await until(() => types.filter((type) => type === 'snapshot').length === 2)
    expect(readings).toBeLessThan(10)
    await channels.groupSend(groupOfWatchers(group.id), { type: 'group.changed' })
    await until(() => types.includes('event'))
    reader.disconnect()
  })
})
