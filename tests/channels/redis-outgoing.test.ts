import { describe, expect, it } from 'vitest'
import { createRedisOutgoing, LOSS_NOTICE } from '#lib/channels/redis-outgoing.ts'
import type { RedisSession } from '#lib/channels/redis-session.ts'
import type { Tx } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { until } from '../support/until.ts'

const GROUP = { to: 'group', name: 'news' } as const

describe('what is sent by Redis', () => {
  it('leaves in the order of the calls, whoever awaits them', async () => {
    const { outgoing, published } = makeOutgoing()
    await Promise.all(['1', '2', '3'].map((text) => outgoing.send(GROUP, text)))
    expect(textsOf(published)).toEqual(['1', '2', '3'])
  })

  it('is refused beyond 64 MiB that wait', async () => {
    const { outgoing, letGo } = makeOutgoing({ held: true })
    const mebibyte = 'x'.repeat(1_048_000)
    const waiting = Array.from({ length: 64 }, () => outgoing.send(GROUP, mebibyte))
    await expect(outgoing.send(GROUP, mebibyte)).rejects.toThrow('wait for Redis')
    letGo()
    await Promise.all(waiting)
    await outgoing.send(GROUP, mebibyte)
  })

  it('with a transaction is announced as lost, once, when it could not leave', async () => {
    const { outgoing, published, fail } = makeOutgoing()
    const { tx, commit } = makeTransaction()
    await outgoing.send(GROUP, '1', tx)
    await outgoing.send(GROUP, '2', tx)
    expect(published).toEqual([])
    fail(true)
    commit()
    // Everything of these two sends is a matter of microtasks.
    await new Promise(setImmediate)
    fail(false)
    await outgoing.settle()
    await outgoing.settle()
    expect(published).toEqual([['notices', LOSS_NOTICE]])
  })

  it('makes good for what was lost with the next message that leaves', async () => {
    const { outgoing, published, fail } = makeOutgoing()
    const { tx, commit } = makeTransaction()
    await outgoing.send(GROUP, '1', tx)
    fail(true)
    commit()
    await expect(outgoing.send(GROUP, '2')).rejects.toThrow('away')
    fail(false)
    await outgoing.send(GROUP, '3')
    await until(() => published.length === 2)
    expect(published.map(([name]) => name)).toEqual(['news', 'notices'])
  })
})

function makeOutgoing({ held = false } = {}) {
  const published: [string, string][] = []
  let isAway = false
  let letGo = () => {}
  const gate = held ? new Promise<void>((resolve) => (letGo = resolve)) : undefined
  const session: RedisSession = {
    listen: async () => {},
    unlisten: async () => {},
    names: () => [],
    ended: new Promise(() => {}),
    end: async () => {},
    async publish(name, payload) {
      if (isAway) throw new Error('Redis is away.')
      await gate
      published.push([name, payload])
    },
  }
  const outgoing = createRedisOutgoing({
    connect: async () => session,
    nameOf: ({ name }) => name,
    nameOfNotices: 'notices',
    node: 'a1b2c3d4e5f6',
    log: createLog('silent'),
  })
  const fail = (away: boolean) => {
    isAway = away
  }
  return { outgoing, published, fail, letGo: () => letGo() }
}

function makeTransaction() {
  const afterwards: (() => void | Promise<void>)[] = []
  return {
    tx: onlyAfterCommit((action) => void afterwards.push(action)),
    commit: () => {
      for (const action of afterwards) void action()
    },
  }
}

// Redis asks nothing of a transaction but to be told of its commit.
function onlyAfterCommit(afterCommit: Tx['afterCommit']): Tx {
  return { afterCommit } as Tx
}

const textsOf = (published: [string, string][]) =>
  published.map(([, payload]) => payload.slice(payload.indexOf('\n') + 1))
