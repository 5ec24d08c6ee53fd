// Opens the channel layer that the settings name: PostgreSQL's or Redis's.
import type { Config } from '#lib/config.ts'
import type { Db } from '#lib/db/client.ts'
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

/** Rejects with a plain sentence when CHANNEL_LAYER names a Redis that cannot be used. */
export async function requireChannelLayer({ CHANNEL_LAYER }: LayerSettings): Promise<void> {
  if (CHANNEL_LAYER === 'database') return
  const session = await openRedisSession({ url: CHANNEL_LAYER, names: [], onMessage: () => {} })
  await session.end('it was there')
}
