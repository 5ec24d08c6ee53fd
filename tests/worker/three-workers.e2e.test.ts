import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeMeasuredGroup } from '../support/measured-group.ts'
import { until } from '../support/until.ts'
import { createFleet, type Fleet, type FleetWorker } from './fleet.ts'

const INTERVAL_MS = 200
/** So many echoes of one worker take 15 intervals; of two that both ping, half of that. */
const ECHOES = 16
/** A shard that changes hands changes its phase, and its first echo comes early. */
const LEAST_SPAN_MS = 10 * INTERVAL_MS
/** A busy machine may hold a worker up for half a second: that is "not measured". */
const GAP_MS = 1_000
const HOSTS = [...Array(128).keys()].map((i) => `127.3.0.${i + 1}`)
const ALL = [64]
const HALVES = [32, 32]
const THIRDS = [22, 21, 21]
/** What may pass until every shard has its worker, and a worker every shard of its share. */
const BALANCED_MS = 5_000
/** A worker that says nothing for a while has to be missed first. */
const MISSED_MS = 5_000
/** The roster is read and the first echo leaves within a second. */
const FIRST_ECHO_MS = 2_000
const CALM_MS = 4_000

type Unrest = { fromMs: number; toMs: number }

describe('three workers', () => {
  let database: TestDatabase
  let fleet: Fleet
  let workers: FleetWorker[]
  const unrests: Unrest[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    fleet = createFleet(database)
    // Two groups of the same addresses: each is pinged once.
    for (const _ of [1, 2]) await makeMeasuredGroup(database.db, HOSTS, new Date())
    await database.sql`update probes set interval_ms = ${INTERVAL_MS}`
  })
  afterAll(async () => {
    await fleet?.close()
    await database?.close()
  })

  /** Waits for the shares and a calm time after; gaps may lie in between. */
  async function awaitShares(shares: number[], limitMs = BALANCED_MS): Promise<void> {
    const fromMs = Date.now()
    await fleet.awaitShares(shares, limitMs)
    unrests.push({ fromMs, toMs: Date.now() + FIRST_ECHO_MS })
    await calm()
  }

  async function calm(): Promise<void> {
    const endMs = Date.now() + CALM_MS
    await until(() => Date.now() > endMs, 2 * CALM_MS)
  }

  async function startAnother(count: number, shares: number[]): Promise<FleetWorker> {
    const fromMs = Date.now()
    const worker = fleet.start()
    await until(async () => (await fleet.shares()).length === count, 30_000)
    await awaitShares(shares)
    unrests.push({ fromMs, toMs: fromMs })
    return worker
  }

  it('divide the shards evenly within five seconds of each coming and going', async () => {
    workers = [await startAnother(1, ALL), await startAnother(2, HALVES)]
    workers.push(await startAnother(3, THIRDS))
    for (const i of [0, 1, 2]) {
      workers[i]?.signal('SIGKILL')
      await awaitShares(HALVES)
      workers[i] = await startAnother(3, THIRDS)
      workers[i]?.signal('SIGSTOP')
      await awaitShares(HALVES, MISSED_MS + BALANCED_MS)
      workers[i]?.signal('SIGCONT')
      await awaitShares(THIRDS)
    }
    workers[0]?.signal('SIGTERM')
    await awaitShares(HALVES)
  }, 360_000)

  it('store no echo twice and forget none: gaps are where a shard changed hands', async () => {
    await fleet.close()
    const timesOf = await readTimes(database)
    expect(timesOf.size).toBe(HOSTS.length)
    const twice: string[] = []
    const forgotten: string[] = []
    for (const [probeId, times] of timesOf) {
      times.forEach((at, i) => {
        const [next, last] = [times[i + 1], times[i + ECHOES - 1]]
        if (last !== undefined && last - at < LEAST_SPAN_MS) twice.push(`${probeId} ${at}`)
        const isGap = next !== undefined && next - at > GAP_MS
        if (isGap && !unrests.some(({ fromMs, toMs }) => fromMs < next && at < toMs))
          forgotten.push(`${probeId} ${next - at} ms from ${at}`)
      })
    }
    expect({ twice, forgotten }).toEqual({ twice: [], forgotten: [] })
  })
})

async function readTimes({ sql }: TestDatabase): Promise<Map<number, number[]>> {
  const rows = await sql<{ probe_id: number; times: string[] }[]>`
    select probe_id, array_agg((extract(epoch from at) * 1000)::bigint order by at) as times
    from samples group by probe_id`
  return new Map(rows.map(({ probe_id, times }) => [probe_id, times.map(Number)]))
}
