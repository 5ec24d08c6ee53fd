import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createRedisLayer } from '#lib/channels/redis-layer.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { layerPromises } from './layer-promises.ts'
import { missingRedis, type RedisServer, startRedis } from './redis-server.ts'

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

layerPromises('the Redis layer', (here, there) => {
  const [url, log] = [redis?.url ?? '', createLog('silent')]
  return {
    here: createRedisLayer({ url, log, ...here }),
    there: createRedisLayer({ url, log, ...there }),
    transact: (work) => inTransaction(database, ({ tx }) => work(tx)),
  }
})
