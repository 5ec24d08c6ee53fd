import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'
import { workerFigures } from '#lib/db/schema.ts'
import { storeWorkerFigures } from '#lib/db/worker-figures.ts'
import { renderMetrics } from '#lib/http/metrics.ts'
import { createLog } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const log = createLog('silent')
const shared = { name: 'test_shared_total', help: 'Told by web processes and workers alike.' }

/** What a worker's own registry says. */
async function figuresOf(sent: number): Promise<unknown> {
  const own = new Registry()
  const registers = [own]
  const echoes = new Counter({ name: 'test_echoes', help: 'e', labelNames: ['fate'], registers })
  echoes.inc({ fate: 'sent' }, sent)
  new Gauge({ name: 'test_held', help: 'h', registers }).set(sent)
  new Histogram({ name: 'test_seconds', help: 's', buckets: [1], registers }).observe(0.5)
  new Counter({ ...shared, registers }).inc(sent)
  return await own.getMetricsAsJSON()
}

describe('/metrics', () => {
  let database: TestDatabase
  const sessions: Database[] = []
  const own = new Counter({ ...shared, registers: [registry] })
  const registers = [registry]
  new Gauge({ name: 'test_start', help: 'No sum.', aggregator: 'omit', registers }).set(8)
  beforeAll(async () => {
    database = await createTestDatabase()
    own.inc(5)
  })
  beforeEach(async () => {
    await database.db.delete(workerFigures)
  })
  afterAll(async () => {
    for (const name of [shared.name, 'test_start']) registry.removeSingleMetric(name)
    for (const session of sessions) await session.close()
    await database.close()
  })

  const lines = async () => (await renderMetrics({ db: database.db, log })).split('\n')

  /** A session with a worker's lock. */
  async function backendOfWorker(): Promise<{ backend: number; end(): Promise<void> }> {
    const session = openDatabase({ url: database.url, name: 'session', connections: 1 })
    sessions.push(session)
    const [row] = await session.sql<{ pid: number }[]>`select pg_backend_pid() as pid`
    const backend = row?.pid ?? 0
    await session.sql`select pg_advisory_lock(${LOCK_CLASS.worker}, ${backend})`
    return { backend, end: session.close }
  }

  it('shows every figure of every living worker under its name, beside this process’s own', async () => {
    const [first, second] = [await backendOfWorker(), await backendOfWorker()]
    const tell = async ({ backend }: { backend: number }, worker: string, sent: number) =>
      storeWorkerFigures(database.db, { backend, worker, figures: await figuresOf(sent) })
    await tell(first, 'one:7', 3)
    await tell(first, 'one:7', 4)
    await tell(second, 'two:8', 9)
    const shown = await lines()
    expect(shown).toEqual(
      expect.arrayContaining([
        'test_echoes{worker="one:7",fate="sent"} 4',
        'test_echoes{worker="two:8",fate="sent"} 9',
        'test_held{worker="one:7"} 4',
        'test_seconds_bucket{worker="two:8",le="1"} 1',
        'test_seconds_sum{worker="two:8"} 0.5',
        'test_start 8',
        'test_shared_total 5',
        'test_shared_total{worker="two:8"} 9',
      ]),
    )
    // Prometheus refuses a scrape that describes a metric twice.
    const described = shown.filter((line) => line.startsWith('# TYPE'))
    expect(new Set(described).size).toBe(described.length)

    await first.end()
    expect((await lines()).filter((line) => line.includes('one:7'))).toEqual([])
  })

  it('forgets a worker that is gone as soon as another tells something', async () => {
    const [first, second] = [await backendOfWorker(), await backendOfWorker()]
    const figures = await figuresOf(1)
    await storeWorkerFigures(database.db, { backend: first.backend, worker: 'one', figures })
    await first.end()
    await storeWorkerFigures(database.db, { backend: second.backend, worker: 'two', figures })
    const rows = await database.db.select().from(workerFigures)
    expect(rows.map(({ worker }) => worker)).toEqual(['two'])
  })

  it('leaves out figures that it cannot read, and nothing else', async () => {
    const { backend, end } = await backendOfWorker()
    await storeWorkerFigures(database.db, { backend, worker: 'new', figures: [{ name: 'x' }] })
    expect(await lines()).toContain('test_shared_total 5')
    expect((await lines()).join()).not.toContain('new')
    await end()
  })

  it('shows its own figures while PostgreSQL is away', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/none'
    const away = openDatabase({ url, name: 'away' })
    expect(await renderMetrics({ db: away.db, log })).toContain('test_shared_total 5')
    await away.close()
  })
})
