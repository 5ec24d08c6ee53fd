import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CLOSE } from '#lib/live/close-codes.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { closeViewers, openViewer } from './held-viewer.ts'

/** What a busy machine may add. */
const NOISE_MS = 1_000

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
afterEach(closeViewers)

describe('a session that expires', () => {
  it('ends its connections within a second, and not before', async () => {
    const beforeMs = performance.now()
    const { state, frames } = await openViewer(database.db, { expiresInSeconds: 2 })
    const afterMs = performance.now()
    await until(() => state.closed !== 0)
    const closedMs = performance.now()
    expect(state.closed).toBe(CLOSE.sessionEnded)
    expect(frames.at(-1)).toMatchObject({ type: 'bye', code: CLOSE.sessionEnded })
    expect(closedMs - beforeMs).toBeGreaterThan(1_950)
    expect(closedMs - afterMs).toBeLessThan(3_000 + NOISE_MS)
  })

  it('is read again first: one that was used meanwhile goes on', async () => {
    const used = await openViewer(database.db, { expiresInSeconds: 2 })
    await used.expireIn(3_600)
    const other = await openViewer(database.db, { expiresInSeconds: 3 })
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
