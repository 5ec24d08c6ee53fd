// What every request of this process shares: settings, database pool, channel layer, log.
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import { type Config, readConfig } from '#lib/config.ts'
import { type Db, openDatabase } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { createLog, type Log } from '#lib/log.ts'

export type House = { config: Config; db: Db; channels: ChannelLayer; log: Log }

let opened: House | undefined

// Next's route handlers get their own copy of this module; it opens on the first request.
export function house(): House {
  opened ??= open()
  return opened
}

function open(): House {
  const config = readConfig()
  if (!config.DATABASE_URL) throw new AppError('unavailable', 'DATABASE_URL is not set.')
  const log = createLog(config.LOG_LEVEL).child({ scope: 'http' })
  const { db } = openDatabase({ url: config.DATABASE_URL, name: 'echowall-web' })
  const channels = openChannelLayer({ config, db, log })
  return { config, db, channels, log }
}
