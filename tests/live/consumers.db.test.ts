import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCESS } from '#lib/channels/names.ts'
import { CLOSE } from '#lib/live/close-codes.ts'
import type { ConsumerOptions } from '#lib/live/consumers/consumer.ts'
import { readScope } from '#lib/live/scope.ts'
import { bareRequest } from '../support/bare-request.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { ERROR, WARN } from '../support/recorded-log.ts'
import { until } from '../support/until.ts'
import { consumer, openConsumers, unmoved } from './held-consumers.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

const FOLLOW = JSON.stringify({ type: 'follow', topic: 'inbox' })

describe('the scope of a consumer', () => {
  it('says who is asking, from where, by which path with its parts, with which query', async () => {
    const { here, scope, user } = await openConsumers(database.db, {
      url: '/live?ticket=a&topic=group:1',
    })
    expect(scope).toMatchObject({
      transport: 'websocket',
      path: '/live',
      params: { connection: 'live.x' },
      actor: { kind: 'user', userId: user.id },
    })
    expect(scope.query.get('topic')).toBe('group:1')
    const stranger = await readScope(here, bareRequest({}), 'sse', {})
    expect(stranger.actor).toEqual({ kind: 'nobody' })
  })

  it('is the same object that its consumer gets, one consumer for each connection', async () => {
    const { open, scope } = await openConsumers(database.db)
    const given: ConsumerOptions[] = []
    for (let i = 0; i < 2; i += 1) open((options) => consumer({}, () => given.push(options)))
    expect(given.map((options) => options.scope)).toEqual([scope, scope])
    expect(new Set(given.map(({ name }) => name)).size).toBe(2)
  })
})

describe('consumers side by side', () => {
  it.each([
    ['connect', {}],
    ['receive', {}],
    ['receive', { isLate: true }],
    ['caughtUp', {}],
  ] as const)(
    'one that fails in %s ends its own connection alone %j',
    async (step, { isLate = false }: { isLate?: boolean }) => {
      const { open, lines } = await openConsumers(database.db)
      const heard: string[] = []
      const sound = open(() => consumer({ receive: async () => void heard.push('sound') }))
      const fault = () => {
        throw new Error('A fault of ours.')
      }
      const late = async () => {
        await pause(1)
        fault()
      }
      const broken = open(() => consumer({ [step]: isLate ? late : fault }))
      broken.reader.receive(FOLLOW)
      broken.fallBehindAndCatchUp()
      await until(() => broken.closed() === CLOSE.internal)
      sound.reader.receive(FOLLOW)
      await until(() => heard.length === 1)
      expect(sound.closed()).toBe(0)
      expect(lines.filter(({ level }) => level === ERROR)).toHaveLength(1)
    },
  )

  it('get their frames one after the other, each in its own time', async () => {
    const { open } = await openConsumers(database.db)
    const heard: string[] = []
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const slow = open(() =>
      consumer({
        async receive() {
          heard.push('slow begins')
          await held
          heard.push('slow ends')
        },
      }),
    )
    const quick = open(() => consumer({ receive: async () => void heard.push('quick') }))
    for (let i = 0; i < 2; i += 1) slow.reader.receive(FOLLOW)
    quick.reader.receive(FOLLOW)
    await until(() => heard.includes('quick'))
    letGo()
    await until(() => heard.length === 5)
    expect(heard.filter((word) => word !== 'quick')).toEqual([
      ...['slow begins', 'slow ends'],
      ...['slow begins', 'slow ends'],
    ])
  })

  it('ask again for rights also when the message that they changed found no room', async () => {
    const { here, hub } = await openConsumers(database.db)
    const [rechecks, drops]: [number[], string[]] = [[], []]
    hub.join({ ...unmoved, recheck: () => void rechecks.push(1) })
    here.channels.on('drop', (channel) => drops.push(channel))
    const changes = Array.from({ length: 3 }, () =>
      here.channels.groupSend(ACCESS, { type: 'access.changed' }),
    )
    await Promise.all(changes)
    await until(() => rechecks.length === 3)
    expect(drops).toHaveLength(2)
  })

  it('that take over 50 ms for a frame are logged with its type', async () => {
    const { open, lines } = await openConsumers(database.db)
    let done = 0
    const { reader } = open(() =>
      consumer({
        async receive({ type }) {
          if (type === 'follow') await pause(60)
          done += 1
        },
      }),
    )
    for (const type of ['unfollow', 'follow']) reader.receive(JSON.stringify({ type, topic: 'x' }))
    await until(() => lines.length === 1)
    expect(done).toBe(2)
    expect(lines[0]).toMatchObject({
      level: WARN,
      msg: 'a frame was handled slowly',
      type: 'follow',
    })
    expect(lines[0]?.ms).toBeGreaterThan(50)
  })
})
