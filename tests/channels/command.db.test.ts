import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { childEnvironment } from '#lib/config.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { createReceiver } from './receiver.ts'

let database: TestDatabase
let layer: RoadLayer

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  layer = createPostgresLayer({ ...database, log: createLog('silent') })
})
afterEach(() => layer.close())

describe('npm run channels', () => {
  it('sends to a channel, and ends', async () => {
    const receiver = createReceiver()
    const channel = layer.newChannel('tab')
    await layer.receive(channel, receiver.handler)
    expect(await run('send', channel, '{"type":"hello","to":"回音壁"}').ended).toBe(0)
    expect(await receiver.untilCount(1)).toEqual([{ type: 'hello', to: '回音壁' }])
  })

  it('sends to a group, and ends', async () => {
    const receiver = createReceiver()
    const channel = layer.newChannel('tab')
    await layer.receive(channel, receiver.handler)
    await layer.groupAdd('news', channel)
    expect(await run('group-send', 'news', '{"type":"hello"}').ended).toBe(0)
    expect(await receiver.untilCount(1)).toEqual([{ type: 'hello' }])
  })

  it('listens to channels and groups, a line for each message, until it is told to end', async () => {
    const listening = run('listen', 'door', '--group', 'news', '--group', 'sport')
    await until(() => listening.complaints().includes('Listening to door, news, sport.'), 15_000)
    await layer.groupSend('news', { type: 'first' })
    await layer.send('door', { type: 'second', n: 2 })
    await layer.groupSend('sport', { type: 'third' })
    await until(() => listening.printed().split('\n').length === 4)
    expect(listening.printed()).toBe(
      'news {"type":"first"}\ndoor {"type":"second","n":2}\nsport {"type":"third"}\n',
    )
    listening.end()
    expect(await listening.ended).toBe(0)
  })

  it.each([
    [['listen', 'tab.a1b2c3d4e5f6!x'], 'lives in another process'],
    [['send', 'a b', '{"type":"x"}'], 'Not a channel name: "a b"'],
    [['send', 'a'], 'npm run channels -- send <channel> <json>'],
  ])('says plainly why it does not do %j', async (words, reason) => {
    const refused = run(...words)
    expect(await refused.ended).toBe(1)
    expect(refused.complaints()).toContain(reason)
  })

  it('says plainly that nothing runs', async () => {
    const refused = runWith({ DATA_DIR: '/nowhere', DATABASE_URL: '' }, 'listen', 'a')
    expect(await refused.ended).toBe(1)
    expect(refused.complaints()).toMatch(/^Nothing runs with the data in \/nowhere: start .*\n$/)
    const nobody = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }
    for (const words of [
      ['listen', 'a'],
      ['send', 'a', '{"type":"x"}'],
    ]) {
      const unanswered = runWith(nobody, ...words)
      expect(await unanswered.ended).toBe(1)
      expect(unanswered.complaints()).toMatch(/^The database does not answer: start .*\n$/)
    }
  })
})

function run(...words: string[]) {
  return runWith({ DATABASE_URL: database.url }, ...words)
}

function runWith(settings: Record<string, string>, ...words: string[]) {
  const args = ['--import', 'tsx', 'lib/launch/channels.ts', ...words]
  // Vitest sets BASE_URL to a path.
  const env = childEnvironment({ BASE_URL: '', ...settings })
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [printed, complaints] = ['', '']
  child.stdout.on('data', (data) => {
    printed += data
  })
  child.stderr.on('data', (data) => {
    complaints += data
  })
  return {
    printed: () => printed,
    complaints: () => complaints,
    ended: once(child, 'close').then(([code]) => code),
    end: () => void child.kill('SIGTERM'),
  }
}
