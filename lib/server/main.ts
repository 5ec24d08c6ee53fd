// The web process, composed: database, channel layer, live endpoint, Next, one port.
import { createServer } from 'node:http'
import next from 'next'
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import { readConfig } from '#lib/config.ts'
import { openDatabase } from '#lib/db/client.ts'
import { tellLauncher } from '#lib/launcher.ts'
import { createLifecycle } from '#lib/lifecycle.ts'
import { createLiveEndpoint } from '#lib/live/endpoint.ts'
import { createLog } from '#lib/log.ts'
import { collectProcessMetrics } from '#lib/metrics.ts'
import { createWebServer } from './server.ts'

const config = readConfig()
if (!config.DATABASE_URL) throw new Error('DATABASE_URL is not set; `npm start` sets it.')
const log = createLog(config.LOG_LEVEL).child({ process: 'web' })
const lifecycle = createLifecycle(log)
collectProcessMetrics()

const database = openDatabase({ url: config.DATABASE_URL, name: 'echowall-web' })
lifecycle.onClose('database', database.close)

const channels = openChannelLayer({ config, db: database.db, log })
lifecycle.onClose('channels', channels.close)

const here = { config, db: database.db, channels, log, isListening: channels.isListening }
const live = await createLiveEndpoint(here)

const decoy = createServer()
const isDevelopment = config.NODE_ENV === 'development'
const pages = next({
  dev: isDevelopment,
  httpServer: decoy,
  hostname: config.HOST,
  port: config.PORT,
})
await pages.prepare()
lifecycle.onClose('pages', () => pages.close())

const server = createWebServer({
  here,
  live,
  pages: pages.getRequestHandler(),
  decoy,
  isDevelopment,
})
lifecycle.onClose('server', server.close)
lifecycle.onClose('live', live.close)

const port = await server.listen()
tellLauncher({ type: 'ready', port }, lifecycle.close)
log.info({ port, url: config.BASE_URL }, 'the wall is open')
