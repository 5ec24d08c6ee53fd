// Tells this worker's metrics to PostgreSQL, where any web process finds them for /metrics.
import { hostname } from 'node:os'
import type { Db } from '#lib/db/client.ts'
import { storeWorkerFigures } from '#lib/db/worker-figures.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { type Repetition, repeat } from './repeat.ts'
import type { Shards } from './shards.ts'

/** As often as the canary counts. */
const EVERY_MS = 10_000

export type FiguresOptions = { db: Db; shards: Pick<Shards, 'backend'>; log: Log }

/** Only what has moved is told: an idle system writes nothing. */
export function createFigures({ db, shards, log }: FiguresOptions): Repetition {
  const worker = `${hostname()}:${process.pid}`
  let told = ''
  return repeat({ everyMs: EVERY_MS, work: tell, log })

  async function tell(): Promise<void> {
    const backend = shards.backend()
    if (backend === undefined) return
    const figures = await registry.getMetricsAsJSON()
    const telling = JSON.stringify({ backend, figures })
    if (telling === told) return
    try {
      await storeWorkerFigures(db, { backend, worker, figures })
      told = telling
    } catch (error) {
      log.warn({ err: error }, "this worker's figures could not be told; next try in ten seconds")
    }
  }
}
