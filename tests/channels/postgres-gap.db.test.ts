import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { type FaultyRoad, openFaultyRoad } from './faulty-road.ts'
import { createReceiver, type Receiver } from './receiver.ts'

let database: TestDatabase
let layer: RoadLayer
let receiver: Receiver
let channel: string
let story: string[]

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

beforeEach(async () => {
  layer = makeLayer(database.url)
  receiver = createReceiver()
  channel = layer.newChannel('tab')
  story = []
  layer.on('gap', () => story.push('gap'))
  layer.on('state', ({ listening }) => story.push(listening ? 'listening' : 'deaf'))
  await layer.receive(channel, receiver.handler)
  await layer.groupAdd('news', channel)
})
afterEach(() => layer.close())

describe('a lost LISTEN connection', () => {
  it('is told, opened again and told as a gap; then everything is heard again', async () => {
    expect(story).toEqual(['listening'])
    await database.sql`select pg_terminate_backend(${await listenerPid()})`
    await until(() => story.length === 4)
    expect(story).toEqual(['listening', 'deaf', 'gap', 'listening'])
    await layer.groupSend('news', { type: 'to.the.group' })
    await layer.send(channel, { type: 'to.the.channel' })
    const types = (await receiver.untilCount(2)).map(({ type }) => type)
    expect(types).toEqual(['to.the.group', 'to.the.channel'])
  })

  it('costs one gap each time, however often it happens', async () => {
    for (let losses = 1; losses <= 5; losses += 1) {
      await database.sql`select pg_terminate_backend(${await listenerPid()})`
      await until(() => story.filter((word) => word === 'gap').length === losses)
      await until(() => layer.isListening())
    }
    await layer.groupSend('news', { type: 'still.here' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'still.here' }])
    expect(story.filter((word) => word === 'gap')).toHaveLength(5)
  })

  it('lets a groupAdd wait until the group is heard', async () => {
    await database.sql`select pg_terminate_backend(${await listenerPid()})`
    await until(() => !layer.isListening())
    await layer.groupAdd('late', channel)
    expect(layer.isListening()).toBe(true)
    await layer.groupSend('late', { type: 'heard' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'heard' }])
  })

  it('gives back the places of messages that were on their way', async () => {
    await database.sql`select pg_terminate_backend(${await listenerPid()})`
    await until(() => !layer.isListening())
    const lost = Array.from({ length: 100 }, () => layer.send(channel, { type: 'lost' }))
    await Promise.allSettled(lost)
    await until(() => layer.isListening())
    for (let n = 0; n < 100; n += 1) await layer.send(channel, { type: 'found' })
    await until(() => receiver.messages.filter(({ type }) => type === 'found').length === 100)
  })

  it('fails what waits for it when the layer is closed', async () => {
    await database.sql`select pg_terminate_backend(${await listenerPid()})`
    await until(() => !layer.isListening())
    const waiting = expect(layer.groupAdd('late', channel)).rejects.toThrow('closed')
    await layer.close()
    await waiting
  })

  it('is left alone by close', async () => {
    await database.sql`select pg_terminate_backend(${await listenerPid()})`
    await until(() => !layer.isListening())
    await layer.close()
    expect(story).not.toContain('gap')
  })
})

describe('a LISTEN connection that hears nothing', () => {
  let road: FaultyRoad
  let behind: RoadLayer

  beforeEach(async () => {
    road = await openFaultyRoad(database.url)
    behind = makeLayer(road.url)
  })
  afterEach(async () => {
    await behind.close()
    await road.close()
  })

  it('is noticed within 12 s when the server is frozen', { timeout: 30_000 }, async () => {
    const own = behind.newChannel('tab')
    let gaps = 0
    behind.on('gap', () => {
      gaps += 1
    })
    await behind.receive(own, receiver.handler)
    road.freeze()
    await until(() => !behind.isListening(), 13_000)
    await until(() => gaps === 1)
    await layer.send(own, { type: 'after.the.frost' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'after.the.frost' }])
  })

  it('is named plainly within 2 s when a pooler loses notifications', async () => {
    road.loseNotifications()
    const startMs = performance.now()
    const receiving = behind.receive(behind.newChannel('tab'), receiver.handler)
    await expect(receiving).rejects.toThrow('transaction pooler')
    expect(performance.now() - startMs).toBeLessThan(2_000)
  })
})

function makeLayer(url: string): RoadLayer {
  return createPostgresLayer({ url, db: database.db, log: createLog('silent') })
}

async function listenerPid(): Promise<number> {
  const [row] = await database.sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where application_name = 'echowall-listen' and datname = current_database()`
  if (!row) throw new Error('Nobody listens.')
  return row.pid
}
