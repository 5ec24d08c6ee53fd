import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate, migrationsAreApplied } from '#lib/db/migrate.ts'
import { createLog } from '#lib/log.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const log = createLog('silent')
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.close())

describe('migrate', () => {
  it('makes the whole schema once when several processes start on an empty database', async () => {
    await database.db.execute(sql`drop schema public cascade`)
    await database.db.execute(sql`drop schema drizzle cascade`)
    await database.db.execute(sql`create schema public`)
    expect(await migrationsAreApplied(database.db)).toBe(false)

    await Promise.all(Array.from({ length: 4 }, () => migrate(database.url, log)))

    expect(await migrationsAreApplied(database.db)).toBe(true)
    const [row] = await database.db.execute(sql`select count(*)::int as users from users`)
    expect(row).toEqual({ users: 0 })
  })

  it('changes nothing on a database that is up to date', async () => {
    const applied = sql`select count(*)::int as n from drizzle.__drizzle_migrations`
    const before = await database.db.execute(applied)
    await migrate(database.url, log)
    expect(await database.db.execute(applied)).toEqual(before)
  })

  it('calls a database with a newer schema than its own ready', async () => {
    await database.db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 99999999999999)`,
    )
    expect(await migrationsAreApplied(database.db)).toBe(true)
  })
})

describe('createTestDatabase', () => {
  it('fails the file that leaves a connection open, and drops its database all the same', async () => {
    const other = await createTestDatabase()
    const { openDatabase } = await import('#lib/db/client.ts')
    const leak = openDatabase({ url: other.url, name: 'leak', connections: 2 })
    await leak.sql`select 1`
    await expect(other.close()).rejects.toThrow('A test left connections open: leak')
    await leak.close()
    const [row] = await database.sql`
      select count(*)::int as n from pg_database where datname = ${new URL(other.url).pathname.slice(1)}`
    expect(row).toEqual({ n: 0 })
  })
})
