import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { openDatabase } from '#lib/db/client.ts'
import { freePort } from '#lib/launch/ports.ts'
import { CLOSE } from '#lib/live/close-codes.ts'
import { HOLD_MS } from '#lib/live/consumers/rights.ts'
import { createWallConsumer } from '#lib/live/consumers/wall.ts'
import { createReader } from '#lib/live/reader.ts'
import { createRightsReader } from '#lib/live/rights-reader.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import type { TestGroup } from '../support/factories.ts'
import { until } from '../support/until.ts'
import { holdConnection } from './held-connection.ts'
import { closeViewers, openViewer } from './held-viewer.ts'

/** What a busy machine may add. */
const NOISE_MS = 1_000

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
afterEach(closeViewers)

async function openFollower() {
  const viewer = await openViewer(database.db)
  viewer.follow()
  await until(() => viewer.types().includes('snapshot'))
  return viewer
}

const topicOf = ({ id }: TestGroup) => `group:${id}`
const takeAway = (group: TestGroup) =>
  database.sql`delete from memberships where group_id = ${group.id}`

describe('rights', () => {
  it('that change a hundred times at once are read a few times, and the topic goes on', async () => {
    const { here, group, identity, types, count, change } = await openFollower()
    for (let i = 0; i < 100; i += 1) await change()
    await until(() => count('snapshot') === 2)
    expect(identity.readings).toBeLessThan(10)
    await here.channels.groupSend(groupOfWatchers(group.id), { type: 'group.changed' })
    await until(() => types().includes('event'))
  })

  it('of others, and in groups that are not followed, hold up nobody', async () => {
    const { user, group, identity, types, count, change } = await openFollower()
    await change({ user_ids: [group.ownerId] })
    await change({ user_ids: [group.ownerId], group_id: group.id })
    await change({ group_id: group.ownerId })
    await change({ group_id: group.id, user_ids: [user.id] })
    await until(() => count('snapshot') === 2)
    expect(identity.readings).toBe(0)
    await change({ user_ids: [user.id] })
    await until(() => count('snapshot') === 3)
    expect(identity.readings).toBe(1)
    expect(types()).not.toContain('ended')
  })

  it('taken away end the topic, told as if the group were gone', async () => {
    const { group, frames, count, change } = await openFollower()
    await takeAway(group)
    await change({ group_id: group.id })
    await until(() => count('ended') === 1)
    expect(frames.at(-1)).toEqual({ type: 'ended', topic: topicOf(group), code: 'not_found' })
  })

  it('taken away or in doubt answer nothing that is asked for', async () => {
    const { group, identity, types, count, follow, ask, change } = await openFollower()
    ask()
    await until(() => count('replay') === 1)
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    identity.inTheWay = () => held
    await takeAway(group)
    await change()
    ask()
    letGo()
    await until(() => types().includes('ended'))
    ask()
    follow()
    await until(() => types().includes('denied'))
    expect(count('replay')).toBe(1)
  })

  it('that cannot be read within 400 ms end their topics as unavailable, and only these', async () => {
    const { here, group, identity, frames, state, types, count, follow, change } =
      await openFollower()
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    identity.inTheWay = () => held
    const startedMs = performance.now()
    await change()
    await here.channels.groupSend(groupOfWatchers(group.id), { type: 'group.changed' })
    await until(() => count('ended') === 1)
    const tookMs = performance.now() - startedMs
    expect(frames.at(-1)).toEqual({ type: 'ended', topic: topicOf(group), code: 'unavailable' })
    expect(types()).not.toContain('event')
    expect(tookMs).toBeGreaterThan(HOLD_MS - 5)
    expect(tookMs).toBeLessThan(HOLD_MS + NOISE_MS)
    follow()
    await until(() => count('ended') === 2)
    letGo()
    follow()
    await until(() => count('snapshot') === 2)
    expect(state).toMatchObject({ closed: 0, isCut: false })
  })

  it('in doubt while the news are lost are read until they can be, and no topic ends', async () => {
    const { identity, heard, state, types, count } = await openFollower()
    heard.state?.({ listening: false })
    identity.inTheWay = () => Promise.reject(new Error('PostgreSQL is away.'))
    heard.state?.({ listening: true })
    heard.gap?.()
    const startedMs = performance.now()
    await until(() => identity.readings > 2 && performance.now() - startedMs > 800)
    expect(types().slice(2)).toEqual(['stale'])
    identity.inTheWay = async () => {}
    await until(() => count('snapshot') === 2)
    expect(types().slice(2)).toEqual(['stale', 'live', 'snapshot'])
    expect(state.closed).toBe(0)
  })

  it('that cannot be asked for deny a topic as unavailable, and the connection stays', async () => {
    const { here, hub, group, scope } = await openViewer(database.db)
    const url = `postgres://127.0.0.1:${await freePort('127.0.0.1')}/nothing`
    const away = openDatabase({ url, name: 'echowall-test' })
    const { connection, frames, state } = holdConnection()
    const cutOff = { ...hub, rights: createRightsReader({ db: away.db }) }
    const options = { here, scope, connection, createConsumer: createWallConsumer }
    const reader = createReader({ hub: cutOff, ...options })
    reader.receive(JSON.stringify({ type: 'follow', topic: topicOf(group) }))
    await until(() => frames.length > 1)
    expect(frames.at(-1)).toEqual({ type: 'denied', topic: topicOf(group), code: 'unavailable' })
    expect(state.closed).toBe(0)
    reader.disconnect()
    await away.close()
  })
})

describe('a reader who has not taken what was written', () => {
  it('is cut off within 500 ms when its right is taken away', async () => {
    const { group, state, change } = await openFollower()
    await takeAway(group)
    state.takes = false
    const startedMs = performance.now()
    await change({ group_id: group.id })
    await until(() => state.isCut)
    expect(performance.now() - startedMs).toBeLessThan(HOLD_MS + NOISE_MS)
  })

  it('is cut off too when its session ends', async () => {
    const { state, sessionId, change } = await openFollower()
    await database.sql`update sessions set ended_at = now() where id = ${sessionId}`
    state.takes = false
    await change()
    await until(() => state.isCut, HOLD_MS + NOISE_MS)
    expect(state.closed).toBe(CLOSE.sessionEnded)
  })

  it('stays while it keeps its right', async () => {
    const [keeping, losing] = [await openFollower(), await openFollower()]
    keeping.state.takes = losing.state.takes = false
    await keeping.change({ group_id: keeping.group.id })
    await takeAway(losing.group)
    await losing.change({ group_id: losing.group.id })
    await until(() => losing.state.isCut)
    expect(keeping.state.isCut).toBe(false)
    keeping.drain()
    await until(() => keeping.count('snapshot') === 2)
  })
})
