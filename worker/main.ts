// The ping process, composed: its share of the roster, probed, recorded, announced.
import { openChannelLayer } from '#lib/channels/open-layer.ts'
import { systemClock as clock } from '#lib/clock.ts'
import { readConfig } from '#lib/config.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createDatabaseClock } from '#lib/db/database-clock.ts'
import { requireOwnSession } from '#lib/db/own-session.ts'
import { tellLauncher } from '#lib/launcher.ts'
import { createLifecycle } from '#lib/lifecycle.ts'
import { createLog } from '#lib/log.ts'
import { type NewOutage, storePath } from '#lib/samples/outages.ts'
import { readPolicy } from '#lib/targets/networks.ts'
import { createAddressing } from './addressing.ts'
import { createBalance } from './balance.ts'
import { createCanary } from './canary.ts'
import { createCompactor } from './compactor.ts'
import { readDiskOf } from './disk.ts'
import { createFigures } from './figures.ts'
import { createNameless } from './nameless.ts'
import { createOutages } from './outages.ts'
import type { EchoResult } from './prober.ts'
import { divideByKind } from './probers/by-kind.ts'
import { openProber } from './probers/choose.ts'
import { createTcpProber } from './probers/tcp/prober.ts'
import { createRecorder } from './recorder.ts'
import { createResolver } from './resolver.ts'
import { createRoster } from './roster.ts'
import { createShards } from './shards.ts'
import { createStorageGuard } from './storage-guard.ts'
import { createTracer } from './tracer.ts'
import { createWhereabouts } from './whereabouts.ts'

const config = readConfig()
if (!config.DATABASE_URL) throw new Error('DATABASE_URL is not set; `npm start` sets it.')
const url = config.DATABASE_URL
const log = createLog(config.LOG_LEVEL).child({ process: 'worker' })
const lifecycle = createLifecycle(log)

await requireOwnSession(url)
// The session holds the shards and stores the samples; everything else goes by the pool.
const session = openDatabase({
  url,
  name: 'echowall-session',
  connections: 1,
  onclose: () => shards.lost(),
})
lifecycle.onClose('session', session.close)
const pool = openDatabase({ url, name: 'echowall-worker', connections: 2 })
lifecycle.onClose('pool', pool.close)
const channels = openChannelLayer({ config, db: pool.db, log })
lifecycle.onClose('channels', channels.close)

const compactor = createCompactor({ db: pool.db, retention: config, log })
lifecycle.onClose('compactor', compactor.close)

const shards = createShards({ session: session.db, clock, log, onChange: resume })
lifecycle.onClose('shards', shards.release)

const figures = createFigures({ db: pool.db, shards, log })
lifecycle.onClose('figures', figures.close)

const folder = config.DATABASE_FOLDER
const storage = createStorageGuard({
  db: pool.db,
  channels,
  shards,
  limits: config,
  readDisk: folder === undefined ? undefined : () => readDiskOf(folder),
  onScarce: compactor.hurry,
  log,
})
lifecycle.onClose('storage', storage.close)

const databaseClock = createDatabaseClock(clock)
const outages = createOutages({ onOpened: (opened) => opened.forEach(trace) })
const recorder = createRecorder({
  session: session.db,
  channels,
  shards,
  clock,
  databaseClock,
  outages,
  storage,
  log,
})
lifecycle.onClose('recorder', recorder.close)

const reports = {
  onResults: (results: EchoResult[]) => recorder.record(tracer.sift(canary.sift(results))),
  onFailure: (error: Error) => void giveUp('a prober failed; the worker starts anew', error),
  sources: config.SOURCE_ADDRESSES,
}
const prober = await openProber(config.PROBER, { ...reports, log }).catch(async (error: Error) => {
  tellLauncher({ type: 'fault', message: error.message }, lifecycle.close)
  return await giveUp('nothing here can ping', error)
})
lifecycle.onClose('prober', prober.close)
const canary = createCanary({ db: pool.db, prober, clock, databaseClock, log })
lifecycle.onClose('canary', canary.close)
const policy = readPolicy(config)
const tracer = createTracer({ prober, policy })
lifecycle.onClose('tracer', tracer.close)
const tcp = createTcpProber(reports)
lifecycle.onClose('tcp', tcp.close)
const nameless = createNameless({ clock, onResults: recorder.record })
lifecycle.onClose('nameless', nameless.close)

const whereabouts = createWhereabouts({ db: pool.db, log })
lifecycle.onClose('whereabouts', whereabouts.close)
const addressing = createAddressing({
  resolver: createResolver({ servers: config.DNS_SERVERS }),
  policy,
  clock,
  log,
  prober: divideByKind({ echo: canary, tcp }),
  nameless,
  onPlaced: whereabouts.note,
})
lifecycle.onClose('addressing', addressing.close)

const roster = await createRoster({
  db: pool.db,
  channels,
  shards,
  log,
  onStart: addressing.start,
  onStop: addressing.stop,
})
lifecycle.onClose('roster', roster.close)

const balance = createBalance({ shards, log })
lifecycle.onClose('balance', balance.close)
await balance.settled()

tellLauncher({ type: 'ready', prober: prober.name, advice: prober.advice }, lifecycle.close)
log.info({ prober: prober.name, advice: prober.advice }, 'the worker pings')

function resume(): void {
  outages.refresh()
  roster.refresh()
}

// Not by the ping program: a path takes thirty echoes, and each of them would be a process.
function trace(outage: NewOutage): void {
  if (prober.name !== 'icmp') return
  tracer.trace(outage.address, (path) => {
    storePath(pool.db, outage, path).catch((error: unknown) => {
      log.warn({ err: error }, 'the path of an outage could not be stored')
    })
  })
}

async function giveUp(message: string, error: Error): Promise<never> {
  log.error({ err: error }, message)
  await lifecycle.close()
  process.exit(1)
}
