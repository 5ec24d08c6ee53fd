// The channel layer on Redis pub/sub: for installations that outgrow NOTIFY.
import type { Log } from '#lib/log.ts'
import { createListener } from './listener.ts'
import type { Address, MailboxBounds } from './local-delivery.ts'
import { newNodeName, nodeOfChannel } from './names.ts'
import { createRedisOutgoing, LOSS_NOTICE } from './redis-outgoing.ts'
import { openRedisSession } from './redis-session.ts'
import type { Road, RoadEvents } from './road.ts'
import { createRoadLayer, type RoadLayer } from './road-layer.ts'

export type RedisLayerOptions = MailboxBounds & {
  /** `redis://` or `rediss://`; the number at its end keeps installations apart. */
  url: string
  log: Log
}

type RedisRoadOptions = RedisLayerOptions & { node: string; events: RoadEvents }

/**
 * Connects at the first `receive`, `groupAdd` or sending. Pub/sub reaches only who is connected, so
 * a lost connection is a gap here, and messages that could not leave are a gap for everybody.
 */
export function createRedisLayer(options: RedisLayerOptions): RoadLayer {
  const { url, ...bounds } = options
  const log = options.log.child({ scope: 'channels' })
  const node = newNodeName()
  const openRoad = (events: RoadEvents) => openRedisRoad({ url, log, node, events })
  return createRoadLayer({ ...bounds, log, node, openRoad })
}

function openRedisRoad({ url, log, node, events }: RedisRoadOptions): Road {
  // Pub/sub knows no database numbers (Redis: Pub/Sub, "Database & scoping"), so names carry it.
  const prefix = `echowall/${new URL(url).pathname.slice(1) || '0'}`
  const ownName = `${prefix}:node:${node}`
  const nameOfNotices = `${prefix}:notices`
  const nameOf = (address: Address) => `${prefix}:${carrierOf(address)}`
  const onMessage = (payload: string) => {
    if (payload === LOSS_NOTICE) events.onLoss()
    else events.onPayload(payload)
  }
  const listener = createListener({
    log,
    ownNames: [ownName, nameOfNotices],
    openSession: (names) => openRedisSession({ url, names, onMessage }),
    onLost: events.onLost,
    onListening(isFirst) {
      events.onListening(isFirst)
      void outgoing.settle()
    },
  })
  const { connect } = listener
  const outgoing = createRedisOutgoing({ connect, nameOf, nameOfNotices, node, log })

  return {
    ...listener,
    nameOf,
    send: outgoing.send,
    // Redis carries a message of any size that the contract allows.
    fetch: async () => undefined,
    async close() {
      await outgoing.close()
      await listener.close()
    },
  }
}

// Everything for one process comes by one name, everything else by its own.
function carrierOf({ to, name }: Address): string {
  const node = to === 'channel' ? nodeOfChannel(name) : undefined
  return node === undefined ? `${to}:${name}` : `node:${node}`
}
