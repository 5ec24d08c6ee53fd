// The worker measures itself while it pings: the floor beneath which no figure is believed.
import { Counter, Gauge } from 'prom-client'
import { v7 as newId } from 'uuid'
import type { Clock } from '#lib/clock.ts'
import type { Db } from '#lib/db/client.ts'
import type { DatabaseClock } from '#lib/db/database-clock.ts'
import { canaryReadings } from '#lib/db/schema.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { type CanaryFigures, changeOf, figuresOf } from './canary-reading.ts'
import type { EchoResult, Prober, ProberCounters } from './prober.ts'
import { repeat } from './repeat.ts'

/** Stands between the worker and its echo prober. */
export type Canary = Pick<Prober, 'start' | 'stop'> & {
  /** Keeps its own results and gives back the others. */
  sift(results: EchoResult[]): EchoResult[]
  /** Stores the last reading. */
  close(): Promise<void>
}

export type CanaryOptions = {
  db: Db
  prober: Pick<Prober, 'start' | 'stop' | 'counters'>
  clock: Clock
  databaseClock: DatabaseClock
  log: Log
}

type Reading = typeof canaryReadings.$inferInsert

const READING_MS = 10_000
/** While PostgreSQL is away ten minutes of readings wait. */
const MOST_WAITING = 60

/** Its own echoes: through the same thread and sockets as all, but no network. Other ids begin with 1. */
const OWN = {
  id: 0,
  address: '127.0.0.1',
  intervalMs: 200,
  timeoutMs: 1_000,
  payloadBytes: 56,
  ttl: 64,
  dscp: 0,
  dontFragment: false,
}

const echoes = new Counter({
  name: 'echowall_echoes_total',
  help: 'Echoes by what became of them: sent, late, duplicates, receiveDrops, unsent, overdue.',
  labelNames: ['fate'],
  registers: [registry],
})

const floor = new Gauge({
  name: 'echowall_canary_round_trip_seconds',
  help: 'Round trips of the worker to itself in the last ten seconds: it measures nothing better.',
  labelNames: ['statistic'],
  registers: [registry],
})

/** It rests while nothing is pinged: an idle system writes nothing. */
export function createCanary(options: CanaryOptions): Canary {
  const { db, prober, clock, databaseClock, log } = options
  const worker = newId()
  const pinged = new Set<number>()
  let own: EchoResult[] = []
  let waiting: Reading[] = []
  let before = { counters: prober.counters(), steadyMs: clock.steadyMs() }
  const readings = repeat({ everyMs: READING_MS, work: read, log })

  return {
    start(probes) {
      if (pinged.size === 0 && probes.length > 0) prober.start([OWN])
      for (const { id } of probes) pinged.add(id)
      prober.start(probes)
    },
    stop(probeIds) {
      prober.stop(probeIds)
      const wasBusy = pinged.size > 0
      for (const id of probeIds) pinged.delete(id)
      if (wasBusy && pinged.size === 0) prober.stop([OWN.id])
    },
    sift(results) {
      const others = results.filter(({ probeId }) => probeId !== OWN.id)
      if (others.length < results.length) {
        for (const result of results) if (result.probeId === OWN.id) own.push(result)
      }
      return others
    },
    async close() {
      await readings.close()
      await read()
    },
  }

  async function read(): Promise<void> {
    const now = { counters: prober.counters(), steadyMs: clock.steadyMs() }
    const change = changeOf(now.counters, before.counters)
    const figures = figuresOf(own, change)
    count(change)
    showFloor(figures)
    if (own.length > 0) {
      const [at, endedAt] = [dateOf(before.steadyMs), dateOf(now.steadyMs)]
      waiting.push({ worker, at, endedAt, ...figures })
    }
    own = []
    before = now
    waiting = waiting.slice(-MOST_WAITING)
    if (waiting.length > 0) await store()
  }

  async function store(): Promise<void> {
    try {
      await db.insert(canaryReadings).values(waiting).onConflictDoNothing()
      waiting = []
    } catch (error) {
      log.warn({ err: error }, "the canary's reading could not be stored; it waits")
    }
  }

  function dateOf(steadyMs: number): Date {
    return new Date(databaseClock.toDatabaseMs(steadyMs))
  }
}

/** A worker that heard nothing of itself shows no floor, and not that of an earlier time. */
function showFloor({ minUs, medianUs, maxUs }: CanaryFigures): void {
  for (const [statistic, us] of Object.entries({ min: minUs, median: medianUs, max: maxUs })) {
    if (us === null) floor.remove(statistic)
    else floor.set({ statistic }, us / 1e6)
  }
}

function count({ latenessMs: _, ...fates }: ProberCounters): void {
  for (const [fate, times] of Object.entries(fates)) echoes.inc({ fate }, times)
}
