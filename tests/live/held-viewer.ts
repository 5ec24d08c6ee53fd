// A viewer of one group whose connection, news and rights are in a test's hand.
import { sql } from 'drizzle-orm'
import { ACCESS } from '#lib/channels/names.ts'
import type { Db } from '#lib/db/client.ts'
import { createWallConsumer } from '#lib/live/consumers/wall.ts'
import { createHub, type Hub } from '#lib/live/hub.ts'
import { createReader } from '#lib/live/reader.ts'
import { readScope } from '#lib/live/scope.ts'
import { createLog } from '#lib/log.ts'
import { bareRequest } from '../support/bare-request.ts'
import { makeConfig, makeGroup, makeSession, makeUser } from '../support/factories.ts'
import { holdConnection } from './held-connection.ts'
import { holdLayer } from './held-layer.ts'

const open: (() => void | Promise<void>)[] = []

/** For `afterEach`. */
export async function closeViewers(): Promise<void> {
  for (const close of open.splice(0)) await close()
}

/**
 * Follows nothing yet. `identity.inTheWay` stands before every question for who is calling, and
 * `heard` are the hub's own ears for the state of the layer.
 */
export async function openViewer(db: Db, session: { expiresInSeconds?: number } = {}) {
  const log = createLog('silent')
  const { channels, heard } = holdLayer(log)
  const here = { db, log, channels, config: makeConfig() }
  const user = await makeUser(db)
  const group = await makeGroup(db, await makeUser(db), {}, [{ user, role: 'viewer' }])
  const { cookie, sessionId } = await makeSession(db, user)
  const expireIn = async (seconds: number) => {
    await db.execute(sql`update sessions set expires_at = now() + make_interval(secs => ${seconds})
      where id = ${sessionId}`)
  }
  if (session.expiresInSeconds !== undefined) await expireIn(session.expiresInSeconds)
  const scope = await readScope(here, bareRequest({ headers: { cookie } }), 'websocket', {})
  const identity = { readings: 0, inTheWay: async () => {} }
  const opened = await createHub(here)
  const hub: Hub = {
    ...opened,
    rights: {
      ...opened.rights,
      async caller(actor) {
        identity.readings += 1
        await identity.inTheWay()
        return await opened.rights.caller(actor)
      },
    },
  }
  const held = holdConnection()
  const options = { hub, connection: held.connection, createConsumer: createWallConsumer }
  const reader = createReader({ here, ...options, scope })
  open.push(reader.disconnect, hub.close)
  const topic = `group:${group.id}`
  return {
    ...held,
    ...{ here, hub, user, group, sessionId, scope, identity, heard, expireIn },
    follow: () => reader.receive(JSON.stringify({ type: 'follow', topic })),
    ask: () => reader.receive(JSON.stringify({ type: 'replay', topic, n: [1] })),
    count: (type: string) => held.types().filter((one) => one === type).length,
    /** Tells the hub that rights have changed. */
    change: (what = {}) => channels.groupSend(ACCESS, { type: 'access.changed', ...what }),
  }
}
