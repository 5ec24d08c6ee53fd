import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CLOSE } from '#lib/live/close-codes.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { closeViewers, openViewer } from './held-viewer.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
afterEach(closeViewers)

describe('a session that expires', () => {
  it('ends its connections within a second, and not before', async () => {
    const { state, frames } = await openViewer(database.db, { expiresInSeconds: 1 })
    const openedMs = performance.now()
    await until(() => state.closed !== 0)
    const tookMs = performance.now() - openedMs
    expect(state.closed).toBe(CLOSE.sessionEnded)
    expect(frames.at(-1)).toMatchObject({ type: 'bye', code: CLOSE.sessionEnded })
    expect(tookMs).toBeGreaterThan(900)
    expect(tookMs).toBeLessThan(2_000)
  })

  it('is read again first: one that was used meanwhile goes on', async () => {
    const used = await openViewer(database.db, { expiresInSeconds: 0.3 })
    await used.expireIn(3_600)
    const other = await openViewer(database.db, { expiresInSeconds: 1 })
    await until(() => other.state.closed !== 0)
    expect(used.state.closed).toBe(0)
    expect(used.identity.readings).toBe(1)
  })

  it('is not kept alive by a connection that only looks on', async () => {
    const viewer = await openViewer(database.db, { expiresInSeconds: 2 })
    await database.sql`update sessions set last_seen_at = now() - interval '1 hour'
      where id = ${viewer.sessionId}`
    await viewer.change()
    await until(() => viewer.state.closed === CLOSE.sessionEnded)
    expect(viewer.identity.readings).toBeGreaterThan(1)
  })
})
