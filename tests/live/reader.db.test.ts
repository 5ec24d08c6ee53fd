import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { CLOSE } from '#lib/live/close-codes.ts'
import { createWallConsumer } from '#lib/live/consumers/wall.ts'
import { createHub } from '#lib/live/hub.ts'
import { beatAt, createReader } from '#lib/live/reader.ts'
import { readScope } from '#lib/live/scope.ts'
import { createLog } from '#lib/log.ts'
import { bareRequest } from '../support/bare-request.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeGroup, makeSession, makeUser } from '../support/factories.ts'
import { until } from '../support/until.ts'
import { holdConnection } from './held-connection.ts'
import { holdLayer } from './held-layer.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
afterEach(() => vi.useRealTimers())

async function setUp() {
  const { db } = database
  const log = createLog('silent')
  const { channels, heard } = holdLayer(log)
  const here = { db, log, channels, config: makeConfig({ HEARTBEAT_SECONDS: 0.1 }) }
  const user = await makeUser(db)
  const { cookie } = await makeSession(db, user)
  const scope = await readScope(here, bareRequest({ headers: { cookie } }), 'websocket', {})
  const hub = await createHub(here)
  const open = () => {
    const made = holdConnection()
    const { connection } = made
    const reader = createReader({
      here,
      hub,
      scope,
      connection,
      createConsumer: createWallConsumer,
    })
    return { ...made, reader, ask: (frame: object) => reader.receive(JSON.stringify(frame)) }
  }
  return { open, heard, hub, channels, group: await makeGroup(db, user) }
}

describe('a reader', () => {
  it('who comes while the news are lost is told so, and nothing of a topic before they are back', async () => {
    const { open, heard, hub, group } = await setUp()
    heard.state?.({ listening: false })
    const { types, ask } = open()
    ask({ type: 'follow', topic: `group:${group.id}` })
    ask({ type: 'follow', topic: 'nonsense' })
    await until(() => types().includes('denied'))
    // One that had been begun for this reader would be the same, and be sent before.
    await hub.snapshots.read(group.id, { since: undefined, replay: 'all' })
    expect(types()).toEqual(['welcome', 'stale', 'denied'])
    heard.gap?.()
    heard.state?.({ listening: true })
    await until(() => types().includes('snapshot'))
    expect(types().slice(3)).toEqual(['live', 'snapshot'])
  })

  it('hears the events of a group, in whatever case its id was written', async () => {
    const { open, channels, group } = await setUp()
    const { frames, types, ask } = open()
    ask({ type: 'follow', topic: `group:${group.id.toUpperCase()}` })
    await until(() => types().includes('snapshot'))
    await channels.groupSend(groupOfWatchers(group.id), { type: 'group.changed' })
    await until(() => types().includes('event'))
    expect(frames.at(-1)).toMatchObject({ type: 'event', topic: `group:${group.id}` })
  })

  it('gets cursors and the time by the clock of the database, though ours is an hour ahead', async () => {
    const now = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: now + 3_600_000 })
    const { open, channels, group } = await setUp()
    const { frames, types, ask } = open()
    ask({ type: 'follow', topic: `group:${group.id}` })
    await until(() => types().includes('snapshot'))
    await channels.groupSend(groupOfWatchers(group.id), { type: 'group.changed' })
    await until(() => types().includes('event'))
    const cursors = frames.flatMap((frame) => ('cursor' in frame ? [Date.parse(frame.cursor)] : []))
    expect(cursors).toHaveLength(2)
    const told = frames.flatMap((frame) =>
      frame.type === 'welcome' ? [Date.parse(frame.now)] : [],
    )
    expect(told).toHaveLength(1)
    for (const time of [...cursors, ...told]) expect(time).toBeLessThan(now + 60_000)
  })

  it('stays while it gives signs of life, though it never answers a frame, and not without', async () => {
    const { open } = await setUp()
    const [living, dead] = [open(), open()]
    await until(() => {
      if (living.state.probes > 0) living.reader.alive()
      for (const { reader } of [living, dead]) reader.pulse(beatAt(new Date(0).toISOString()))
      return dead.state.closed !== 0
    }, 5_000)
    expect([living.state.closed, dead.state.closed]).toEqual([0, CLOSE.silent])
    expect(dead.types()).toContain('ping')
  })

  it('who asks on and on without reading gets no further answers, then good-bye', async () => {
    const { open } = await setUp()
    const { frames, state, drain, ask } = open()
    state.takes = false
    const other = open()
    for (let i = 0; i < 300; i += 1) {
      for (const one of [ask, other.ask]) one({ type: 'follow', topic: `group:${randomUUID()}` })
    }
    await until(() => other.frames.length === 301, 12_000)
    expect(frames).toHaveLength(1)
    drain()
    await until(() => frames.length === 301, 12_000)
    state.takes = false
    for (let i = 0; i < 5_000; i += 1) ask({ type: 'follow', topic: 'nonsense' })
    expect(state.closed).toBe(CLOSE.invalidFrame)
  })

  it('who may not follow a topic any more no longer does', async () => {
    const { open, channels, group } = await setUp()
    const { types, ask } = open()
    const topic = `group:${group.id}`
    ask({ type: 'follow', topic })
    await until(() => types().includes('snapshot'))
    await database.sql`update groups set deleted_at = now() where id = ${group.id}`
    ask({ type: 'follow', topic })
    await until(() => types().includes('denied'))
    // Who joined a group later hears its messages later.
    const [marker, heard] = [channels.newChannel('marker'), vi.fn()]
    await channels.receive(marker, heard)
    await channels.groupAdd(groupOfWatchers(group.id), marker)
    await channels.groupSend(groupOfWatchers(group.id), { type: 'group.removed' })
    await until(() => heard.mock.calls.length === 1)
    expect(types()).not.toContain('ended')
  })
})
