import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '#lib/log.ts'
import { createCompactor } from '../../worker/compactor.ts'
import { createWhereabouts, type Whereabouts } from '../../worker/whereabouts.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig } from '../support/factories.ts'
import { makeProbe } from '../support/measured-group.ts'
import { until } from '../support/until.ts'

const log = createLog('silent')

describe('where names lead', () => {
  let database: TestDatabase
  let probeId: number
  const workers: Whereabouts[] = []
  beforeEach(async () => {
    database = await createTestDatabase()
    probeId = await makeProbe(database.db, 'core.example')
    workers.push(...[1, 2].map(() => createWhereabouts({ db: database.db, log })))
  })
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close()
    await database.close()
  })

  async function addresses(ofProbe = probeId): Promise<string[]> {
    const rows = await database.sql<{ address: string }[]>`
      select address from probe_addresses where probe_id = ${ofProbe} order by since`
    return rows.map(({ address }) => address)
  }

  it('is written once for each change, however many workers find it', async () => {
    const [first, second] = workers
    first?.note(probeId, '127.0.0.1')
    await until(async () => (await addresses()).length === 1)
    const other = await makeProbe(database.db, 'edge.example')
    second?.note(probeId, '127.0.0.1')
    second?.note(other, '127.0.0.8')
    await until(async () => (await addresses(other)).length === 1)
    expect(await addresses()).toEqual(['127.0.0.1'])
    first?.note(2_000_000, '127.0.0.9')
    first?.note(probeId, '127.0.0.2')
    await until(async () => (await addresses()).length === 2)
    second?.note(probeId, '127.0.0.1')
    await until(async () => (await addresses()).length === 3)
    expect(await addresses()).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.1'])
  })

  it('is forgotten with the samples of its time, but for the last address', async () => {
    await database.db.execute(sql`
      insert into probe_addresses values (${probeId}, now() - interval '9 days', '127.0.0.1'),
        (${probeId}, now() - interval '8 days', '127.0.0.2')`)
    const compactor = createCompactor({ db: database.db, retention: makeConfig(), log })
    await compactor.close()
    expect(await addresses()).toEqual(['127.0.0.2'])
  })
})
