import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock as clock } from '#lib/clock.ts'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { listWorkers } from '#lib/db/locks.ts'
import { createLog } from '#lib/log.ts'
import { createShards, SHARDS, type Shards, shardOf } from '../../worker/shards.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

describe('shards', () => {
  let database: TestDatabase
  const sessions: Database[] = []
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close()
    await database.close()
  })

  function makeWorker(): Shards {
    const onclose = () => shards.lost()
    const session = openDatabase({ url: database.url, name: 'session', connections: 1, onclose })
    sessions.push(session)
    const log = createLog('silent')
    const shards = createShards({ session: session.db, clock, log, onChange: () => {} })
    return shards
  }

  // One probe of each shard, so that what a worker holds can be asked.
  const probeOfShard = new Map<number, number>()
  for (let id = 1; probeOfShard.size < SHARDS; id += 1) probeOfShard.set(shardOf(id), id)
  const held = (worker: Shards) =>
    [...probeOfShard].filter(([, id]) => worker.holds(id)).map(([shard]) => shard)

  it('gives a lone worker all of them', async () => {
    const worker = makeWorker()
    await worker.balance()
    expect(held(worker)).toHaveLength(SHARDS)
    expect(await listWorkers(database.db)).toHaveLength(1)
  })

  it('divides them among three workers, each shard to exactly one', async () => {
    const workers = [makeWorker(), makeWorker(), makeWorker()]
    for (let round = 0; round < 3; round += 1) {
      for (const worker of workers) await worker.balance()
    }
    const shares = workers.map((worker) => held(worker))
    expect(shares.flat().sort((a, b) => a - b)).toEqual([...Array(SHARDS).keys()])
    expect(shares.map((share) => share.length).sort()).toEqual([21, 21, 22])
  })

  it("frees a killed worker's shards for the others, and names another backend afterwards", async () => {
    const [first, second] = [makeWorker(), makeWorker()]
    await first.balance()
    const backend = first.backend()
    await database.sql`select pg_terminate_backend(${backend ?? 0})`
    await until(() => first.backend() === undefined)
    await second.balance()
    expect(held(second)).toHaveLength(SHARDS)
    await first.balance()
    expect(first.backend()).not.toBe(backend)
    expect(held(first)).toEqual([])
  })

  it('counts what a worker measured while it held a shard, and nothing from after that', async () => {
    const [first, second] = [makeWorker(), makeWorker()]
    await first.balance()
    const early = clock.steadyMs()
    await second.balance()
    await first.balance()
    await second.balance()
    const moved = [...probeOfShard.values()].filter((id) => second.holds(id))
    expect(moved).toHaveLength(SHARDS / 2)
    const late = clock.steadyMs()
    expect(moved.every((id) => first.held(id, early) && !first.held(id, late))).toBe(true)
    expect(moved.every((id) => second.held(id, late) && !second.held(id, early))).toBe(true)
  })

  it('counts nothing of a worker cut off without knowing it, once another has its shards', async () => {
    const [first, second] = [makeWorker(), makeWorker()]
    await first.balance()
    const known = clock.steadyMs() - 60_000
    await database.sql`select pg_terminate_backend(${first.backend() ?? 0})`
    await second.balance()
    const cutOff = clock.steadyMs()
    await until(() => first.backend() === undefined)
    await first.balance()
    const probes = [...probeOfShard.values()]
    expect(probes.some((id) => first.held(id, cutOff) || first.held(id, known))).toBe(false)
  })

  it('waits after an interruption for the others to come back for the shards they had', async () => {
    const [first, second] = [makeWorker(), makeWorker()]
    for (const worker of [first, second, first, second]) await worker.balance()
    const share = held(second)
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'session'
        and datname = current_database()`
    await until(() => first.backend() === undefined && second.backend() === undefined)
    await first.balance()
    expect(held(first)).toHaveLength(SHARDS / 2)
    await second.balance()
    expect(held(second)).toEqual(share)
  })

  it('gives everything back when it leaves politely', async () => {
    const [first, second] = [makeWorker(), makeWorker()]
    await first.balance()
    await first.release()
    await second.balance()
    expect(held(second)).toHaveLength(SHARDS)
  })
})

describe('the shard of a probe', () => {
  it('spreads consecutive probes evenly', () => {
    const counts = new Array<number>(SHARDS).fill(0)
    for (let id = 1; id <= 6_400; id += 1) counts[shardOf(id)] = (counts[shardOf(id)] ?? 0) + 1
    expect(Math.max(...counts)).toBeLessThan(150)
    expect(Math.min(...counts)).toBeGreaterThan(50)
  })
})
