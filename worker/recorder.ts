// Stores what was measured and announces it: one transaction every 250 ms.
import { sql } from 'drizzle-orm'
import { Counter, Gauge, Histogram } from 'prom-client'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { groupOfWatchers } from '#lib/channels/names.ts'
import type { Clock } from '#lib/clock.ts'
import { type Db, inTransaction, isDatabaseAway, isDiskFull, type Tx } from '#lib/db/client.ts'
import type { DatabaseClock } from '#lib/db/database-clock.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { type Flush, storeFlush } from '#lib/samples/write.ts'
import { createForgone } from './forgone.ts'
import type { Outages } from './outages.ts'
import { codeOf } from './outcome-code.ts'
import type { EchoResult } from './prober.ts'
import { repeat } from './repeat.ts'
import type { Shards } from './shards.ts'
import type { StorageGuard } from './storage-guard.ts'

const FLUSH_MS = 250
/** While PostgreSQL is away, or has no room, results wait this long; older ones count as not measured. */
const KEEP_MS = 60_000
/** About 100 MB; at 10,000 results a second more than a minute. */
const MAX_WAITING = 1_000_000
/** What one transaction stores at most; a backlog goes in several, and so does one with a bad row. */
const MAX_FLUSH = 20_000

const stored = new Counter({
  name: 'echowall_samples_stored_total',
  help: 'Results stored and announced.',
  registers: [registry],
})
const backlog = new Gauge({
  name: 'echowall_samples_waiting',
  help: 'Results that wait to be stored: what came since the last flush, or a backlog.',
  registers: [registry],
})
const flushSeconds = new Histogram({
  name: 'echowall_flush_seconds',
  help: 'Duration of one flush.',
  registers: [registry],
})

export type Recorder = {
  /** Takes results; they are stored within 250 ms while PostgreSQL answers. */
  record(results: EchoResult[]): void
  /** Stores what waits, for the last time. */
  close(): Promise<void>
}

export type RecorderOptions = {
  /** The session that holds the shards. */
  session: Db
  channels: ChannelLayer
  shards: Shards
  clock: Clock
  databaseClock: DatabaseClock
  outages: Outages
  storage: Pick<StorageGuard, 'isHalted' | 'refused'>
  log: Log
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { session, channels, shards, clock, databaseClock, outages, storage, log } = options
  let waiting: EchoResult[] = []
  let most = MAX_FLUSH
  const forgone = createForgone({ clock, log })
  const flushes = repeat({ everyMs: FLUSH_MS, work: flush, log })

  return {
    record(results) {
      for (const result of results) waiting.push(result)
      forgoExcess()
    },
    async close() {
      await flushes.close()
      await flush()
      forgone.close()
    },
  }

  async function flush(): Promise<void> {
    forgoOld()
    if (waiting.length === 0 || !shards.backend() || storage.isHalted()) return
    // Out of the queue while under way: what overflows meanwhile must not be taken from it.
    const results = waiting.splice(0, most)
    const stop = flushSeconds.startTimer()
    try {
      const count = await inTransaction({ db: session }, ({ tx }) => store(tx, results))
      stored.inc(count)
      forgone.add(results.length - count)
      most = Math.min(MAX_FLUSH, most * 2)
    } catch (error) {
      log.warn({ err: error, waiting: waiting.length }, 'a flush failed; its results wait')
      const isFull = isDiskFull(error)
      if (isFull) storage.refused()
      const mayPass = isFull || !shards.backend() || isDatabaseAway(error)
      // A row that cannot be stored is found by halving and left out.
      if (!mayPass) most = Math.max(1, Math.floor(results.length / 2))
      if (!mayPass && results.length === 1) forgone.add(1)
      else waiting = results.concat(waiting)
      forgoExcess()
    } finally {
      stop()
      backlog.set(waiting.length)
    }
  }

  // In the transaction: the shards must be held by the very session that stores.
  async function store(tx: Tx, results: EchoResult[]): Promise<number> {
    await readClock(tx)
    const own = results.filter(({ probeId, sentSteadyMs }) => shards.held(probeId, sentSteadyMs))
    if (own.length === 0) return 0
    const flush = toFlush(own)
    for (const { groupId, cursor, samples } of await storeFlush(tx, flush)) {
      const message = { type: 'samples.arrived', cursor, samples }
      await channels.groupSend(groupOfWatchers(groupId), message, { tx })
    }
    await outages.follow(tx, own, flush)
    return own.length
  }

  async function readClock(tx: Tx): Promise<void> {
    const before = clock.steadyMs()
    const [row] = await tx.execute<{ pid: number; ms: number }>(
      sql`select pg_backend_pid() as pid, (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
    )
    if (!row || row.pid !== shards.backend())
      throw new Error('The session that held the shards has ended.')
    databaseClock.read(row.ms, before, clock.steadyMs())
  }

  function toFlush(results: EchoResult[]): Flush {
    return {
      probeIds: results.map((result) => result.probeId),
      atMs: results.map((result) => databaseClock.toDatabaseMs(result.sentSteadyMs)),
      rttUs: results.map((result) => codeOf(result.outcome)),
    }
  }

  function forgoOld(): void {
    const oldest = clock.steadyMs() - KEEP_MS
    const fresh = waiting.findIndex((result) => result.sentSteadyMs >= oldest)
    if (fresh !== 0) forgone.add(waiting.splice(0, fresh < 0 ? waiting.length : fresh).length)
  }

  function forgoExcess(): void {
    forgone.add(waiting.splice(0, Math.max(0, waiting.length - MAX_WAITING)).length)
  }
}
