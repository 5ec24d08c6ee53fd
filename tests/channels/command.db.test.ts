import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { runOwnDatabase } from '#lib/launch/own-database.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'
import { type ChannelProgram, runChannels } from './channel-program.ts'
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
    await listening.listening()
    expect(listening.complaints()).toBe('Listening to door, news, sport.\n')
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

  it('finds the database of what runs here', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'echowall-channels-'))
    const own = await runOwnDatabase(folder, createLog('silent'))
    try {
      const listening = runChannels({ DATA_DIR: folder }, 'listen', 'door')
      await listening.listening()
      expect(await runChannels({ DATA_DIR: folder }, 'send', 'door', '{"type":"x"}').ended).toBe(0)
      await until(() => listening.printed() === 'door {"type":"x"}\n')
      listening.end()
      expect(await listening.ended).toBe(0)
    } finally {
      await own.close()
      await rm(folder, { recursive: true, force: true })
    }
  }, 30_000)

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
    const refused = runChannels({ DATA_DIR: '/nowhere' }, 'listen', 'a')
    expect(await refused.ended).toBe(1)
    expect(refused.complaints()).toMatch(
      /^Nothing within your reach runs with the data in \/nowhere: start .*\n$/,
    )
    const nobody = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }
    for (const words of [
      ['listen', 'a'],
      ['send', 'a', '{"type":"x"}'],
    ]) {
      const unanswered = runChannels(nobody, ...words)
      expect(await unanswered.ended).toBe(1)
      expect(unanswered.complaints()).toMatch(/^The database does not answer: start .*\n$/)
    }
  })
})

function run(...words: string[]): ChannelProgram {
  return runChannels({ DATABASE_URL: database.url }, ...words)
}
