// Opens the channel layer that the settings name: PostgreSQL's or Redis's.
import type { Config } from '#lib/config.ts'
import { type Db, openDatabase } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { createPostgresLayer } from './postgres-layer.ts'
import { createRedisLayer } from './redis-layer.ts'
import { openRedisSession } from './redis-session.ts'
import type { RoadLayer } from './road-layer.ts'

/** After a restart every reader without a WebSocket posts at the same time, and is answered. */
const CAPACITY = { 'reply.*': 2_000 }

type LayerSettings = Pick<Config, 'CHANNEL_LAYER' | 'DATABASE_URL'>

/** The layer of a process; `db` carries what is sent by PostgreSQL. Connects when it is first used. */
export function openChannelLayer(options: { config: LayerSettings; db: Db; log: Log }): RoadLayer {
  const { config, db, log } = options
  if (config.CHANNEL_LAYER !== 'database')
    return createRedisLayer({ url: config.CHANNEL_LAYER, log, capacity: CAPACITY })
  if (!config.DATABASE_URL) throw new Error('DATABASE_URL is not set; `npm start` sets it.')
  return createPostgresLayer({ url: config.DATABASE_URL, db, log, capacity: CAPACITY })
}

/** Rejects with a plain sentence when CHANNEL_LAYER names a Redis, or DATABASE_URL a pooler, that cannot carry it. */
export async function requireChannelLayer(config: LayerSettings, log: Log): Promise<void> {
  if (config.CHANNEL_LAYER === 'database') return await requireHearing(config, log)
  const url = config.CHANNEL_LAYER
  const session = await openRedisSession({ url, names: [], onMessage: () => {} })
  await session.end('it was there')
}

// The first `receive` of a layer proves that what is sent is heard.
async function requireHearing({ DATABASE_URL: url }: LayerSettings, log: Log): Promise<void> {
  if (!url) return
  const database = openDatabase({ url, name: 'echowall-launch', connections: 1 })
  const layer = createPostgresLayer({ url, db: database.db, log })
  try {
    await layer.receive(layer.newChannel('proof'), () => {})
  } finally {
    await layer.close()
    await database.close()
  }
}
