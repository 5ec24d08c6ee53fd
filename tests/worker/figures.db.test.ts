import { Counter } from 'prom-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { workerFigures } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createFigures } from '../../worker/figures.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const TURN_MS = 10_000
const METRIC = { name: 'test_moves_total', help: 'Moves.' }

describe('what a worker tells of itself', () => {
  let database: TestDatabase
  let counter: Counter
  let backend: number | undefined
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    database = await createTestDatabase()
    counter = new Counter({ ...METRIC, registers: [registry] })
    backend = 7
  })
  afterEach(async () => {
    vi.useRealTimers()
    registry.removeSingleMetric(METRIC.name)
    await database.close()
  })

  const begin = () =>
    createFigures({
      db: database.db,
      shards: { backend: () => backend },
      log: createLog('silent'),
    })
  const rows = () => database.db.select().from(workerFigures)
  /** A turn is left out while the one before it is still being written. */
  const untilTold = (isTold: () => Promise<boolean>) =>
    until(async () => {
      await vi.advanceTimersByTimeAsync(TURN_MS)
      return await isTold()
    })

  it('is written when it has moved, and only then', async () => {
    const insert = vi.spyOn(database.db, 'insert')
    const figures = begin()
    await until(async () => (await rows()).length === 1)
    for (const _ of [1, 2, 3]) await vi.advanceTimersByTimeAsync(TURN_MS)
    expect(insert).toHaveBeenCalledTimes(1)
    counter.inc(42)
    await untilTold(async () => JSON.stringify(await rows()).includes('"value":42'))
    await figures.close()
    expect(insert).toHaveBeenCalledTimes(2)
  })

  it('is written again for another session, and by nobody without one', async () => {
    backend = undefined
    const figures = begin()
    await vi.advanceTimersByTimeAsync(TURN_MS)
    expect(await rows()).toEqual([])
    for (backend of [7, 8]) await untilTold(async () => (await rows())[0]?.backend === backend)
    await figures.close()
    expect(await rows()).toHaveLength(1)
  })
})
