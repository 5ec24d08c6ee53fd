// The channel layer on PostgreSQL LISTEN/NOTIFY: the default between processes.
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { openListenSession } from './listen-session.ts'
import { createListener } from './listener.ts'
import type { MailboxBounds } from './local-delivery.ts'
import { createLoopBack } from './loop-back.ts'
import { newNodeName } from './names.ts'
import { createOutgoing } from './outgoing.ts'
import type { Road, RoadEvents } from './road.ts'
import { createRoadLayer, type RoadLayer } from './road-layer.ts'
import { notifyChannelOf, notifyChannelOfNode } from './wire.ts'

export type PostgresLayerOptions = MailboxBounds & {
  /** For the LISTEN connection: the server itself, not a transaction pooler. */
  url: string
  /** Carries what is sent. */
  db: Db
  log: Log
}

type PostgresRoadOptions = PostgresLayerOptions & { node: string; events: RoadEvents }

/** Connects to nothing until the first `receive` or `groupAdd`; sending uses `db` alone. */
export function createPostgresLayer(options: PostgresLayerOptions): RoadLayer {
  const { url, db, ...bounds } = options
  const log = options.log.child({ scope: 'channels' })
  const node = newNodeName()
  const openRoad = (events: RoadEvents) => openPostgresRoad({ url, db, log, node, events })
  return createRoadLayer({ ...bounds, log, node, openRoad })
}

function openPostgresRoad({ url, db, log, node, events }: PostgresRoadOptions): Road {
  const outgoing = createOutgoing({ db, node, log })
  const ownName = notifyChannelOfNode(node)
  const loopBack = createLoopBack({ db, name: ownName })
  const onNotify = (payload: string) => {
    if (!loopBack.hear(payload)) events.onPayload(payload)
  }
  const listener = createListener({
    log,
    ownNames: [ownName],
    openSession: (names) => openListenSession({ url, names, onNotify }),
    prove: loopBack.prove,
    ...events,
  })

  return {
    ...listener,
    nameOf: notifyChannelOf,
    send: outgoing.send,
    async fetch(id) {
      return await (await listener.connect()).fetch(id)
    },
    async close() {
      await outgoing.close()
      await listener.close()
    },
  }
}
