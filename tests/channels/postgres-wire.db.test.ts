import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { removeOldPayloads } from '#lib/channels/payload-sweeper.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import type { RoadLayer } from '#lib/channels/road-layer.ts'
import { notifyChannelOf } from '#lib/channels/wire.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createReceiver, type Receiver } from './receiver.ts'

let database: TestDatabase
let here: RoadLayer
let there: RoadLayer
let receiver: Receiver
let channel: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

beforeEach(() => {
  here = makeLayer()
  there = makeLayer()
  receiver = createReceiver()
  channel = here.newChannel('tab')
})
afterEach(async () => {
  await here.close()
  await there.close()
})

describe('the LISTEN connection', () => {
  it('is not made for sending alone', async () => {
    await here.groupSend('somebody', { type: 'news' })
    await here.send('somebody', { type: 'news', text: 'x'.repeat(20_000) })
    expect(await countListenConnections()).toBe(0)
    expect(here.isListening()).toBe(false)
  })

  it('is one for all channels and groups of a process', async () => {
    await here.receive(channel, receiver.handler)
    for (let n = 0; n < 100; n += 1) await here.groupAdd(`group.${n}`, channel)
    expect(await countListenConnections()).toBe(1)
    expect(here.isListening()).toBe(true)
  })

  it('that cannot be made fails the first receive, and the next one tries again', async () => {
    const nowhere = database.url.replace(/:\d+\//, ':1/')
    const layer = createPostgresLayer({ ...options(), url: nowhere })
    const own = layer.newChannel('tab')
    for (let i = 0; i < 2; i += 1) {
      await expect(layer.receive(own, receiver.handler)).rejects.toThrow('ECONNREFUSED')
    }
    await layer.close()
  })
})

describe('a message of any size', () => {
  it.each(['x', 'ü', '回', '🧱'])(
    'arrives whole around the limit of one NOTIFY (%s)',
    async (letter) => {
      await here.receive(channel, receiver.handler)
      const shortest = Math.floor(7_800 / Buffer.byteLength(letter))
      const longest = Math.ceil(8_001 / Buffer.byteLength(letter))
      const messages = []
      for (let length = shortest; length <= longest; length += 1) {
        for (const end of ['', 'x', 'xx', 'xxx']) {
          messages.push({ type: 'sized', text: letter.repeat(length) + end })
        }
      }
      for (const message of messages) await there.send(channel, message)
      expect(await receiver.untilCount(messages.length)).toEqual(messages)
    },
  )

  it('is kept apart only when one NOTIFY cannot hold it', async () => {
    await there.send('nobody', { type: 'small', text: 'x'.repeat(7_800) })
    const before = await countPayloads()
    await there.send('nobody', { type: 'large', text: 'x'.repeat(8_000) })
    expect((await countPayloads()) - before).toBe(1)
  })

  it('keeps its place among a thousand, large and small in turn', async () => {
    await here.receive(channel, receiver.handler)
    const heard: number[] = []
    const own = here.newChannel('order')
    await here.receive(own, ({ n }) => void heard.push(Number(n)))
    const text = '墙'.repeat(5_000)
    for (let n = 0; n < 1_000; n += 1) {
      await there.send(own, n % 2 === 0 ? { type: 'large', n, text } : { type: 'small', n })
    }
    await there.send(channel, { type: 'last' })
    await receiver.untilCount(1)
    expect(heard).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
  })

  it('whose row is gone is a gap, and what follows it still arrives', async () => {
    await here.receive(channel, receiver.handler)
    let gaps = 0
    here.on('gap', () => {
      gaps += 1
    })
    await inTransaction(database, async ({ tx }) => {
      await here.groupAdd('big', channel)
      await there.groupSend('big', { type: 'large', text: 'x'.repeat(20_000) }, { tx })
      await tx.execute(sql`delete from channel_payloads`)
    })
    await there.send(channel, { type: 'small' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'small' }])
    expect(gaps).toBe(1)
  })

  it('is removed once it is older than five minutes', async () => {
    await database.sql`delete from channel_payloads`
    await there.send('nobody', { type: 'young', text: 'x'.repeat(8_000) })
    await database.sql`
      insert into channel_payloads (id, body, created_at)
      select gen_random_uuid(), 'old', now() - interval '6 minutes' from generate_series(1, 1500)`
    expect(await removeOldPayloads(database.db)).toBe(1_000)
    expect(await removeOldPayloads(database.db)).toBe(500)
    expect(await countPayloads()).toBe(1)
  })
})

describe('PostgreSQL orders messages', () => {
  it('by commit, whoever spoke first', async () => {
    await here.receive(channel, receiver.handler)
    await here.groupAdd('news', channel)
    await inTransaction(database, async ({ tx }) => {
      await there.groupSend('news', { type: 'spoken.first' }, { tx })
      await inTransaction(database, ({ tx: inner }) =>
        there.groupSend('news', { type: 'committed.first' }, { tx: inner }),
      )
    })
    const types = (await receiver.untilCount(2)).map(({ type }) => type)
    expect(types).toEqual(['committed.first', 'spoken.first'])
  })
})

describe('what somebody else notifies', () => {
  it.each([
    '',
    'hello',
    'group news',
    '{"type":"news"}',
    `group news ${'0'.repeat(12)} 1 text\n{"type":7}`,
    `group news ${'0'.repeat(12)} 1 text\nnull`,
    `group news ${'0'.repeat(12)} 1 text\n{`,
    `group news ${'0'.repeat(12)} 1 stored\nno-uuid`,
  ])('is ignored when it is no message: %j', async (payload) => {
    await here.receive(channel, receiver.handler)
    await here.groupAdd('news', channel)
    const name = notifyChannelOf({ to: 'group', name: 'news' })
    await database.sql`select pg_notify(${name}, ${payload})`
    await there.send(channel, { type: 'last' })
    expect(await receiver.untilCount(1)).toEqual([{ type: 'last' }])
  })
})

function options() {
  const { url, db } = database
  return { url, db, log: createLog('silent') }
}

function makeLayer(): RoadLayer {
  return createPostgresLayer(options())
}

async function countListenConnections(): Promise<number> {
  const [row] = await database.sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where application_name = 'echowall-listen' and datname = current_database()`
  return row?.count ?? 0
}

async function countPayloads(): Promise<number> {
  const [row] = await database.sql<{ count: number }[]>`
    select count(*)::int as count from channel_payloads`
  return row?.count ?? 0
}
