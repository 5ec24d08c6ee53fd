// The launcher, composed: database, schema, pages, then web and worker until Ctrl-C.
import { requireChannelLayer } from '#lib/channels/open-layer.ts'
import { type Config, ConfigFault, childEnvironment, readConfig } from '#lib/config.ts'
import { requireOwnSession } from '#lib/db/own-session.ts'
import { createLog, type Log } from '#lib/log.ts'
import { announcement, waitUntilReady } from './announce.ts'
import { buildWhenStale } from './build.mjs'
import { prepareDatabase } from './database.ts'
import { LaunchFault } from './launch-fault.ts'
import { holdFolder } from './only-one.ts'
import { runOwnDatabase } from './own-database.ts'
import { localUrl, makeSetupUrl, placeOf } from './places.ts'
import { freePort, requirePort } from './ports.ts'
import { runProcesses } from './processes.ts'
import { keep, makeSecret, openFolder } from './secrets.ts'
import { createStopping } from './stopping.ts'

/** Where the database is, and the folder whose disk it fills, where that is known. */
type Place = { url: string; folder: string | undefined }

const stopping = createStopping()
try {
  await launch()
} catch (error) {
  await giveUp(error)
}

async function launch(): Promise<void> {
  const settings = readConfig()
  const log = createLog(settings.LOG_LEVEL).child({ process: 'launch' })
  const folder = await openFolder(settings.DATA_DIR)
  if (!settings.DATABASE_URL) stopping.onClose(await holdFolder(folder))
  const config = await choosePort(settings)
  const database = config.DATABASE_URL
    ? { url: config.DATABASE_URL, folder: config.DATABASE_FOLDER }
    : await startDatabase(folder, log)
  await prepareDatabase(database.url, config, log)
  await requireOwnSession(database.url).catch(refuse)
  await requireChannelLayer(config, log).catch(refuse)
  if (config.NODE_ENV === 'production') await buildPages()

  const secret = config.AUTH_SECRET ?? (await keep(folder, 'auth-secret', makeSecret))
  stopping.signal.throwIfAborted()
  const processes = await runProcesses({
    environment: environmentOf(config, database, secret),
    log,
    onFault: ({ message }) => void giveUp(new LaunchFault(message)),
  })
  stopping.onClose(processes.close)

  const ready = await waitUntilReady(
    `${localUrl(config)}/readyz`,
    processes.workerReady,
    stopping.signal,
  )
  console.log(
    announcement({
      wallUrl: config.BASE_URL,
      setupUrl: await makeSetupUrl(database.url, config),
      prober: ready.prober ?? 'unknown',
      advice: ready.advice,
      data: config.DATABASE_URL ? placeOf(config.DATABASE_URL) : folder,
    }),
  )
}

// PORT=0 asks for any free port; every process must then know which.
async function choosePort(config: Config): Promise<Config> {
  await requirePort(config.HOST, config.PORT)
  if (config.PORT !== 0) return config
  return readConfig(childEnvironment({ PORT: String(await freePort(config.HOST)) }))
}

async function startDatabase(folder: string, log: Log): Promise<Place> {
  const database = await runOwnDatabase(folder, log)
  stopping.onClose(database.close)
  return database
}

async function buildPages(): Promise<void> {
  const complaint = await buildWhenStale(stopping.signal)
  stopping.signal.throwIfAborted()
  if (complaint !== undefined) throw new LaunchFault(`The pages could not be built.\n${complaint}`)
}

function environmentOf(config: Config, database: Place, secret: string): NodeJS.ProcessEnv {
  return childEnvironment({
    NODE_ENV: config.NODE_ENV,
    PORT: String(config.PORT),
    BASE_URL: config.BASE_URL,
    DATABASE_URL: database.url,
    ...(database.folder !== undefined && { DATABASE_FOLDER: database.folder }),
    AUTH_SECRET: secret,
    // next-auth reads these two by itself.
    NEXTAUTH_URL: config.BASE_URL,
    NEXTAUTH_SECRET: secret,
    NEXT_TELEMETRY_DISABLED: '1',
  })
}

function refuse(error: Error): never {
  throw new LaunchFault(error.message, { cause: error })
}

// What fails because the end has begun is no news.
async function giveUp(error: unknown): Promise<void> {
  if (!stopping.signal.aborted) {
    const isForPeople = error instanceof LaunchFault || error instanceof ConfigFault
    console.error(isForPeople ? error.message : error)
  }
  await stopping.end(1)
}
