import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inTransaction, isDatabaseAway, openDatabase } from '#lib/db/client.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

it('a session that ends within a transaction fails that alone, and the next finds another', async () => {
  const lost = new EventTarget()
  const only = openDatabase({
    url: database.url,
    name: 'lost',
    connections: 1,
    onclose: () => lost.dispatchEvent(new Event('close')),
  })
  for (let round = 0; round < 3; round += 1) {
    const failure = await inTransaction({ db: only.db }, async ({ tx }) => {
      const [own] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      const closed = once(lost, 'close')
      await database.sql`select pg_terminate_backend(${own?.pid ?? 0})`
      await closed
      await nextTurn()
      await tx.execute(sql`select 1`)
    }).catch((error: unknown) => error)
    expect(isDatabaseAway(failure), String(failure)).toBe(true)
    expect(await only.db.execute(sql`select 1 as one`)).toMatchObject([{ one: 1 }])
  }
  await only.close()
})
