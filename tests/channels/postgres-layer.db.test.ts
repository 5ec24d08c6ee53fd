import { afterAll, beforeAll } from 'vitest'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { layerPromises } from './layer-promises.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

layerPromises('the PostgreSQL layer', (here, there) => {
  const { url, db } = database
  const log = createLog('silent')
  return {
    here: createPostgresLayer({ url, db, log, ...here }),
    there: createPostgresLayer({ url, db, log, ...there }),
    transact: (work) => inTransaction({ db }, ({ tx }) => work(tx)),
  }
})
