import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { storageJudgements } from '#lib/db/schema.ts'
import { createWallConsumer } from '#lib/live/consumers/wall.ts'
import type { ServerFrame } from '#lib/live/protocol.ts'
import { createReader } from '#lib/live/reader.ts'
import type { StorageLevel } from '#lib/samples/storage-level.ts'
import { tellJudgement } from '#lib/samples/storage-state.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { holdConnection } from './held-connection.ts'
import { closeViewers, openViewer } from './held-viewer.ts'

const SINCE = new Date('2026-11-23T01:00:00Z')

describe('whether there is room for results', () => {
  let database: TestDatabase
  let viewer: Awaited<ReturnType<typeof openViewer>>
  beforeEach(async () => {
    database = await createTestDatabase()
    viewer = await openViewer(database.db)
  })
  afterEach(async () => {
    await closeViewers()
    await database.close()
  })

  const told = (frames: ServerFrame[]) => frames.filter(({ type }) => type === 'storage')
  const tell = (level: StorageLevel) =>
    tellJudgement(viewer.here, { backend: 1, level, cause: null, disk: undefined })
  /** As another process would, whose word is not heard. */
  const tellUnheard = () =>
    database.db.insert(storageJudgements).values({ backend: 2, level: 'full', since: SINCE })

  function enter() {
    const held = holdConnection('live.test!2')
    const { here, hub, scope } = viewer
    const parts = { connection: held.connection, createConsumer: createWallConsumer }
    createReader({ here, hub, scope, ...parts })
    return held.frames
  }

  it('is not spoken of while there is enough', async () => {
    await tell('ok')
    await viewer.here.channels.flush()
    expect(told(viewer.frames)).toEqual([])
    expect(viewer.hub.storage()).toBeUndefined()
  })

  it('is told to everybody as it changes', async () => {
    await tell('full')
    await until(() => told(viewer.frames).length === 1)
    await tell('ok')
    await until(() => told(viewer.frames).length === 2)
    expect(told(viewer.frames)).toEqual([
      { type: 'storage', level: 'full', since: expect.any(String) },
      { type: 'storage', level: 'ok' },
    ])
  })

  it('is told to newcomers right after their welcome', async () => {
    await tell('full')
    await until(() => viewer.hub.storage() !== undefined)
    expect(enter().map(({ type }) => type)).toEqual(['welcome', 'storage'])
  })

  it('is read again after a gap', async () => {
    await tellUnheard()
    viewer.heard.gap?.()
    await until(() => told(viewer.frames).length === 1)
    expect(told(viewer.frames)).toEqual([
      { type: 'storage', level: 'full', since: SINCE.toISOString() },
    ])
  })
})
