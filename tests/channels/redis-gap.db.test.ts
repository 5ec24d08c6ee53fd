import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRedisLayer } from '#lib/channels/redis-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { createReceiver, type Receiver } from './receiver.ts'
import { missingRedis, type RedisServer, startRedis } from './redis-server.ts'

let database: TestDatabase
let redis: RedisServer
const layers: RoadLayer[] = []
let layer: RoadLayer
let receiver: Receiver
let channel: string
let story: string[]

beforeAll(async () => {
  database = await createTestDatabase()
  if (!missingRedis) redis = await startRedis()
})
afterAll(async () => {
  await redis?.kill()
  await database.close()
})

beforeEach(async (ctx) => {
  if (missingRedis) ctx.skip(missingRedis)
  layer = makeLayer()
  receiver = createReceiver()
  channel = layer.newChannel('tab')
  story = []
  layer.on('gap', () => story.push('gap'))
  layer.on('state', ({ listening }) => story.push(listening ? 'listening' : 'deaf'))
  await layer.receive(channel, receiver.handler)
  await layer.groupAdd('news', channel)
})
afterEach(async () => {
  for (const made of layers.splice(0)) await made.close()
})

describe('a lost connection to Redis', () => {
  it('is told, opened again and told as a gap; then everything is heard again', async () => {
    expect(story).toEqual(['listening'])
    await redis.kill()
    await until(() => !layer.isListening())
    await redis.start()
    await until(() => story.length === 4)
    expect(story).toEqual(['listening', 'deaf', 'gap', 'listening'])
    await layer.groupSend('news', { type: 'to.the.group' })
    await layer.send(channel, { type: 'to.the.channel' })
    const types = (await receiver.untilCount(2)).map(({ type }) => type)
    expect(types).toEqual(['to.the.group', 'to.the.channel'])
  })

  it('refuses what is sent meanwhile, at once', async () => {
    await redis.kill()
    await until(() => !layer.isListening())
    await expect(layer.send(channel, { type: 'x' })).rejects.toThrow('connecting again')
    await expect(layer.groupSend('news', { type: 'x' })).rejects.toThrow('connecting again')
    await redis.start()
    await until(() => layer.isListening())
  })

  it('lets a commit stand, and is a gap for everybody when its message did not leave', async () => {
    const sender = makeLayer()
    await sender.groupSend('nobody', { type: 'hello' })
    const isDeaf = new Promise((resolve) => sender.on('state', resolve))
    await inTransaction(database, async ({ tx }) => {
      await sender.groupSend('news', { type: 'committed' }, { tx })
      await killNewestConnection()
      await isDeaf
    })
    await until(() => story.includes('gap'))
    expect(story).toEqual(['listening', 'gap'])
    expect(receiver.messages).toEqual([])
  })

  it('is noticed within 12 s when the server is frozen', { timeout: 30_000 }, async () => {
    redis.freeze()
    try {
      await until(() => !layer.isListening(), 13_000)
    } finally {
      redis.thaw()
    }
    await until(() => layer.isListening(), 10_000)
    expect(story).toEqual(['listening', 'deaf', 'gap', 'listening'])
  })

  it('is left alone by close', async () => {
    await redis.kill()
    await until(() => !layer.isListening())
    await layer.close()
    await redis.start()
    expect(story).not.toContain('gap')
  })
})

describe('a Redis', () => {
  it('that is not there is named plainly, without its password', async () => {
    const nowhere = makeLayer('redis://:secret@127.0.0.1:1')
    const receiving = nowhere.receive(nowhere.newChannel('tab'), receiver.handler)
    const words = await receiving.then(String, String)
    expect(words).toMatch(/^Error: Redis at 127\.0\.0\.1:1 cannot be used \(.*ECONNREFUSED.*\)/)
    expect(words).not.toContain('secret')
  })

  it('with a password takes it from its address, and refuses another', async () => {
    const { host } = new URL(redis.url)
    const admin = await openAdmin()
    await admin.configSet('requirepass', 'right')
    try {
      const admitted = makeLayer(`redis://:right@${host}`)
      await admitted.receive(admitted.newChannel('tab'), receiver.handler)
      const refused = makeLayer(`redis://:wrong@${host}`)
      const receiving = refused.receive(refused.newChannel('tab'), receiver.handler)
      await expect(receiving).rejects.toThrow(
        /^Redis at \S+ cannot be used \(WRONGPASS .+\): start/,
      )
    } finally {
      await admin.configSet('requirepass', '')
      admin.destroy()
    }
  })

  it('serves several installations, kept apart by the number in their address', async () => {
    const other = makeLayer(`${redis.url}/1`)
    const stranger = createReceiver()
    const own = other.newChannel('tab')
    await other.receive(own, stranger.handler)
    await other.groupAdd('news', own)
    await other.groupSend('news', { type: 'theirs' })
    await layer.groupSend('news', { type: 'ours' })
    expect(await stranger.untilCount(1)).toEqual([{ type: 'theirs' }])
    expect(await receiver.untilCount(1)).toEqual([{ type: 'ours' }])
  })

  it('holds one connection for each process, whatever it sends and hears', async () => {
    for (let n = 0; n < 100; n += 1) await layer.groupAdd(`group.${n}`, channel)
    await layer.send(channel, { type: 'x', text: 'x'.repeat(100_000) })
    expect(await connections()).toHaveLength(1)
  })
})

function makeLayer(url = redis.url): RoadLayer {
  const made = createRedisLayer({ url, log: createLog('silent') })
  layers.push(made)
  return made
}

async function connections(): Promise<{ id: number; name: string }[]> {
  const admin = await openAdmin()
  const all = await admin.clientList()
  admin.destroy()
  return all.filter(({ name }) => name === 'echowall')
}

async function killNewestConnection(): Promise<void> {
  const newest = Math.max(...(await connections()).map(({ id }) => id))
  const admin = await openAdmin()
  await admin.sendCommand(['CLIENT', 'KILL', 'ID', String(newest)])
  admin.destroy()
}

function openAdmin() {
  return createClient({ url: redis.url }).connect()
}
