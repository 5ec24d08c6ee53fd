import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createRedisLayer } from '#lib/channels/redis-layer.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { layerPromises } from './layer-promises.ts'
import { missingRedis, type RedisServer, startRedis } from './redis-server.ts'
import type { TwoProcesses } from './two-processes.ts'

let redis: RedisServer | undefined
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  if (!missingRedis) redis = await startRedis()
})
afterAll(async () => {
  await redis?.kill()
  await database.close()
})
beforeEach((ctx) => {
  if (missingRedis) ctx.skip(missingRedis)
})

layerPromises('the Redis layer', makeProcesses)

async function makeProcesses(): Promise<TwoProcesses> {
  const [clock, log, url] = [createManualClock(), createLog('silent'), redis?.url ?? '']
  const here = createRedisLayer({ url, clock, log })
  const there = createRedisLayer({ url, clock, log })
  return {
    here,
    there,
    clock,
    transact: (work) => inTransaction(database, ({ tx }) => work(tx)),
    async close() {
      await here.close()
      await there.close()
    },
  }
}
