import { afterAll, beforeAll } from 'vitest'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { layerPromises } from './layer-promises.ts'
import type { TwoProcesses } from './two-processes.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

layerPromises('the PostgreSQL layer', makeProcesses)

async function makeProcesses(): Promise<TwoProcesses> {
  const { url, db } = database
  const [clock, log] = [createManualClock(), createLog('silent')]
  const here = createPostgresLayer({ url, db, clock, log })
  const there = createPostgresLayer({ url, db, clock, log })
  return {
    here,
    there,
    clock,
    transact: (work) => inTransaction({ db }, ({ tx }) => work(tx)),
    async close() {
      await here.close()
      await there.close()
    },
  }
}
