import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { createGroup } from '#lib/groups/write.ts'
import { createLog } from '#lib/log.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeContext, makeUser } from '../support/factories.ts'
import { until } from '../support/until.ts'
import { createFleet, type Fleet } from './fleet.ts'

let database: TestDatabase
let fleet: Fleet
const server = createServer((socket) => socket.on('error', () => {}))

beforeAll(async () => {
  database = await createTestDatabase()
  fleet = createFleet(database)
  await new Promise<void>((resolve) => server.listen(0, '127.6.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await fleet?.close()
  await database?.close()
})

it('a worker echoes hosts and times handshakes side by side, each under its own probe', async () => {
  const { port } = server.address() as AddressInfo
  const channels = createMemoryLayer({ log: createLog('silent') })
  const ctx = makeContext({ db: database.db, channels, user: await makeUser(database.db) })
  const hosts = ['127.6.0.1', `tcp://127.6.0.1:${port}`, `tcp://localhost:${port}`]
  const { group } = await createGroup(ctx, { name: 'both kinds', hosts })
  fleet.start()
  const outcomesOf = async (host: string) => {
    const rows = await database.sql<{ rtt_us: number }[]>`
      select s.rtt_us from targets t join samples s on s.probe_id = t.probe_id
      where t.group_id = ${group.id} and t.host = ${host}`
    return rows.map(({ rtt_us }) => rtt_us)
  }
  await until(async () => (await outcomesOf(`tcp://localhost:${port}`)).length > 2, 30_000)
  for (const host of hosts.slice(0, 2)) {
    const outcomes = await outcomesOf(host)
    expect(outcomes.length).toBeGreaterThan(1)
    expect(outcomes.every((rttUs) => rttUs >= 0)).toBe(true)
  }
  // The server listens at 127.6.0.1 alone: where localhost is, the port is closed.
  expect(new Set(await outcomesOf(`tcp://localhost:${port}`))).toEqual(
    new Set([OUTCOME.unreachable]),
  )
  // Three refusals in a row are an outage; who refused stands with it, and how far the way goes.
  const outage = await until(async () => {
    const [row] = await database.sql`
      select o.ended_at, o.outcome, o.error_code, o.error_from, o.path
      from outages o join probes p on p.id = o.probe_id where p.host = 'localhost'`
    return row?.path ? row : undefined
  }, 20_000)
  expect(outage).toEqual({
    ended_at: null,
    outcome: OUTCOME.unreachable,
    error_code: 3,
    error_from: '127.0.0.1',
    path: [{ ttl: 1, from: '127.0.0.1' }],
  })
  await channels.close()
})
