import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireOwnSession } from '#lib/db/own-session.ts'
import { SetUpFault } from '#lib/errors.ts'
import { missingPooler, startPooler } from '../faults/pooler.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

describe('requireOwnSession', () => {
  it('is content with PostgreSQL itself, and leaves no connection to it', async () => {
    await expect(requireOwnSession(database.url)).resolves.toBeUndefined()
    const left = await database.sql`
      select pid from pg_stat_activity
      where application_name = 'echowall-proof' and datname = current_database()`
    expect(left).toHaveLength(0)
  })

  it.skipIf(missingPooler)('is content with a pooler in session mode', async () => {
    const pooler = await startPooler(database.url, 'session')
    await expect(requireOwnSession(pooler.url)).resolves.toBeUndefined()
    await pooler.close()
  })

  it.skipIf(missingPooler)('names a pooler in transaction mode in one sentence', async () => {
    const pooler = await startPooler(database.url, 'transaction')
    const failure = await requireOwnSession(pooler.url).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SetUpFault)
    expect(String(failure)).toContain('a transaction pooler stands in between. Let DATABASE_URL')
    await pooler.close()
  })
})
