// Consumers without a server: connections that a test holds in its hand.
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import type { Db } from '#lib/db/client.ts'
import type { Consumer, ConsumerOptions } from '#lib/live/consumers/consumer.ts'
import type { Member } from '#lib/live/follower.ts'
import { createHub } from '#lib/live/hub.ts'
import { createReader } from '#lib/live/reader.ts'
import { readScope } from '#lib/live/scope.ts'
import { bareRequest } from '../support/bare-request.ts'
import { makeConfig, makeSession, makeUser } from '../support/factories.ts'
import { createRecordedLog } from '../support/recorded-log.ts'
import { holdConnection } from './held-connection.ts'

const BEYOND_ANY_BOUND = 'x'.repeat(2 ** 20)

/** A member whom nothing reaches; its failure fails the test. */
export const unmoved: Member = {
  recheck: () => {},
  endsAtMs: () => Number.POSITIVE_INFINITY,
  suspend: () => {},
  resume: () => {},
  announce: () => {},
  fail: (error) => {
    throw error
  },
}

/** A consumer that does nothing but these steps; `made` tells of its making. */
export function consumer(steps: Partial<Consumer>, made = () => {}): Consumer {
  made()
  const nothing = () => {}
  return {
    connect: nothing,
    receive: async () => {},
    caughtUp: nothing,
    disconnect: nothing,
    ...steps,
  }
}

/** A person's scope and hub over one database, and readers that say when they are closed. */
export async function openConsumers(db: Db, request: { url?: string } = {}) {
  const { log, lines } = createRecordedLog()
  const channels = createMemoryLayer({ log, capacity: { 'rights.*': 1 } })
  const here = { db, log, channels, config: makeConfig() }
  const user = await makeUser(db)
  const { cookie } = await makeSession(db, user)
  const asked = Object.assign(bareRequest({ headers: { cookie } }), request)
  const scope = await readScope(here, asked, 'websocket', { connection: 'live.x' })
  const hub = await createHub(here)

  function open(createConsumer: (options: ConsumerOptions) => Consumer) {
    const { connection, state, drain } = holdConnection(here.channels.newChannel('live'))
    let outbox: ConsumerOptions['outbox'] | undefined
    const reader = createReader({
      here,
      hub,
      scope,
      connection,
      createConsumer(options) {
        outbox = options.outbox
        return createConsumer(options)
      },
    })
    const fallBehindAndCatchUp = () => {
      state.takes = false
      outbox?.offer(BEYOND_ANY_BOUND)
      drain()
    }
    return { reader, closed: () => state.closed, fallBehindAndCatchUp }
  }
  return { here, hub, scope, user, open, lines }
}
