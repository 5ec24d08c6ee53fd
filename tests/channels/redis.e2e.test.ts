import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launch } from '../support/launched.ts'
import { openReader, samplesOf } from '../support/live-reader.ts'
import { makeGroup, signIn } from '../support/person.ts'
import { type Program, startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'
import { runChannels } from './channel-program.ts'
import { missingRedis, type RedisServer, startRedis } from './redis-server.ts'

let redis: RedisServer
let program: Program | undefined

beforeAll(async () => {
  if (missingRedis) return
  redis = await startRedis()
  program = await startProgram({ CHANNEL_LAYER: redis.url })
})
afterAll(async () => {
  await program?.stop()
  await redis?.kill()
})
beforeEach((ctx) => {
  if (missingRedis) ctx.skip(missingRedis)
})

describe('the program with CHANNEL_LAYER on Redis', () => {
  it('shows replies as they come, also after Redis was away', async () => {
    const url = program?.url ?? ''
    const admin = await signIn(url)
    const group = await makeGroup(admin, ['127.0.0.1'])
    const reader = await openReader('websocket', url, admin)
    await reader.send({ type: 'follow', topic: `group:${group.id}` })
    await reader.next('event', ({ event }) => event.type === 'samples.arrived')

    await redis.kill()
    await reader.next('stale')
    const seen = reader.frames.length
    await redis.start()
    await reader.next('live')
    await until(
      () =>
        reader.frames
          .slice(seen)
          .filter(({ type }) => type === 'event')
          .flatMap(samplesOf).length > 0,
      15_000,
    )
    reader.close()
    await reader.closed
  })

  it('lets npm run channels listen to what is announced', async () => {
    const admin = await signIn(program?.url ?? '')
    const group = await makeGroup(admin, ['127.0.0.1'])
    const DATABASE_URL = (await program?.databaseUrl()) ?? ''
    const settings = { CHANNEL_LAYER: redis.url, DATABASE_URL }
    const listening = runChannels(settings, 'listen', '--group', `group.${group.id}`)
    await until(() => listening.printed().includes('{"type":"samples.arrived",'), 20_000)
    listening.end()
    expect(await listening.ended).toBe(0)
  })

  it('says in one sentence that no such Redis is there, and ends', async () => {
    const launched = launch({
      CHANNEL_LAYER: 'redis://127.0.0.1:1',
      DATABASE_URL: (await program?.databaseUrl()) ?? '',
      PORT: '0',
    })
    expect(await launched.ended).toBe(1)
    expect(launched.output()).toMatch(/^Redis at 127\.0\.0\.1:1 cannot be used \(.+\): start it, /m)
  })
})
