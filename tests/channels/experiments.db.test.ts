import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createReceiver } from './receiver.ts'

let database: TestDatabase
let web: RoadLayer
let script: RoadLayer

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

beforeEach(() => {
  const options = { url: database.url, db: database.db, log: createLog('silent') }
  web = createPostgresLayer(options)
  script = createPostgresLayer(options)
})
afterEach(async () => {
  await web.close()
  await script.close()
})

describe('the three experiments', () => {
  it('one: a message to a named channel reaches its consumer, and no other', async () => {
    const [anna, bert] = [createReceiver(), createReceiver()]
    const [channelOfAnna, channelOfBert] = [web.newChannel('tab'), web.newChannel('tab')]
    await web.receive(channelOfAnna, anna.handler)
    await web.receive(channelOfBert, bert.handler)

    await script.send(channelOfAnna, { type: 'chat.message', text: 'Hello, Anna.' })
    await script.send(channelOfBert, { type: 'chat.message', text: 'Hello, Bert.' })

    expect(await bert.untilCount(1)).toEqual([{ type: 'chat.message', text: 'Hello, Bert.' }])
    expect(anna.messages).toEqual([{ type: 'chat.message', text: 'Hello, Anna.' }])
  })

  it('two: a message to a group reaches every channel in it', async () => {
    const group = `room.${randomUUID()}`
    const members = [createReceiver(), createReceiver(), createReceiver()]
    for (const member of members) {
      const channel = web.newChannel('tab')
      await web.receive(channel, member.handler)
      await web.groupAdd(group, channel)
    }

    await script.groupSend(group, { type: 'chat.message', text: 'Hello, everybody.' })

    for (const member of members) {
      const messages = await member.untilCount(1)
      expect(messages).toEqual([{ type: 'chat.message', text: 'Hello, everybody.' }])
    }
  })

  it('three: two consumers in two processes talk to each other by channel name', async () => {
    const desk = createReceiver()
    const nameOfDesk = web.newChannel('desk')
    const nameOfEcho = `echo.${randomUUID()}`
    await web.receive(nameOfDesk, desk.handler)
    const program = new URL('./echo-process.ts', import.meta.url)
    const other = fork(program, [database.url, nameOfEcho, nameOfDesk], {
      execArgv: ['--import', 'tsx'],
    })
    const ended = once(other, 'exit')

    try {
      expect(await desk.untilCount(1)).toEqual([{ type: 'echo.ready', pid: other.pid }])
      await web.send(nameOfEcho, { type: 'echo.ask', text: '回音壁', reply_to: nameOfDesk })
      const answer = { type: 'echo.answer', text: '回音壁', pid: other.pid }
      expect((await desk.untilCount(2))[1]).toEqual(answer)
      await web.send(nameOfEcho, { type: 'echo.end' })
      expect(await ended).toEqual([0, null])
    } finally {
      other.kill('SIGKILL')
      await ended
    }
  })
})
