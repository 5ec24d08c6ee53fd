import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OUTCOME } from '#lib/vocabulary.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { type DnsServer, startDnsServer } from '../support/dns-server.ts'
import { makeMeasuredGroup } from '../support/measured-group.ts'
import { until } from '../support/until.ts'
import { createFleet, type Fleet } from './fleet.ts'

const LITERALS = [...Array(50).keys()].map((i) => `127.7.0.${i + 1}`)
const DEAD = [...Array(200).keys()].map((i) => `dead-${i}.example`)
const MEASURE_MS = 15_000

describe('names among addresses', () => {
  let database: TestDatabase
  let dns: DnsServer
  let fleet: Fleet
  let address = '127.7.1.1'
  beforeAll(async () => {
    database = await createTestDatabase()
    dns = await startDnsServer((name) => {
      if (name === 'moving.example') return { addresses: [address], ttlSeconds: 1 }
      return name === 'missing.example' ? 'missing' : 'silent'
    })
    fleet = createFleet(database, { DNS_SERVERS: dns.address })
    const hosts = [...LITERALS, ...DEAD, 'moving.example', 'missing.example']
    await makeMeasuredGroup(database.db, hosts, new Date())
    fleet.start()
    await fleet.awaitShares([64], 30_000)
  })
  afterAll(async () => {
    await fleet?.close()
    await dns?.close()
    await database?.close()
  })

  async function outcomesOf(host: string): Promise<{ at: number; rttUs: number }[]> {
    const rows = await database.sql<{ at: Date; rtt_us: number }[]>`
      select s.at, s.rtt_us from probes p join samples s on s.probe_id = p.id
      where p.host = ${host} order by s.at`
    return rows.map(({ at, rtt_us }) => ({ at: new Date(at).getTime(), rttUs: rtt_us }))
  }

  it('leave literals untouched, two hundred of them dead and their server silent', async () => {
    const startedMs = Date.now()
    await until(() => Date.now() > startedMs + MEASURE_MS, 2 * MEASURE_MS)
    expect(new Set(dns.questions).size).toBeGreaterThan(DEAD.length / 2)
    for (const host of LITERALS) {
      const outcomes = await outcomesOf(host)
      const gaps = outcomes.slice(1).map(({ at }, i) => at - (outcomes[i]?.at ?? 0))
      expect(outcomes.length).toBeGreaterThanOrEqual(MEASURE_MS / 1_000 - 2)
      expect(outcomes.filter(({ rttUs }) => rttUs < 0)).toEqual([])
      expect(Math.max(...gaps)).toBeLessThan(1_900)
    }
  }, 60_000)

  it('have an outcome where they do not exist, and none where nobody can say', async () => {
    const missing = await until(async () => {
      const outcomes = await outcomesOf('missing.example')
      return outcomes.length > 0 ? outcomes : undefined
    }, 30_000)
    expect(new Set(missing.map(({ rttUs }) => rttUs))).toEqual(new Set([OUTCOME.noSuchName]))
    expect(await outcomesOf(DEAD[0] ?? '')).toEqual([])
  })

  it('are followed to another address soon after it changed, and the change is written down', async () => {
    await until(async () => (await outcomesOf('moving.example')).length > 0, 30_000)
    address = '127.7.1.2'
    const addresses = async () => {
      const rows = await database.sql<{ address: string }[]>`
        select address from probe_addresses order by since`
      return rows.map((row) => row.address)
    }
    // Behind two hundred silent names a question may have to wait for its turn.
    await until(async () => (await addresses()).length > 1, 45_000)
    expect(await addresses()).toEqual(['127.7.1.1', '127.7.1.2'])
  }, 60_000)
})
