// A database of one's own for a test file: a clone of the migrated template.
import { randomBytes } from 'node:crypto'
import type postgres from 'postgres'
import { inject } from 'vitest'
import { type Database, openDatabase } from '#lib/db/client.ts'
import { TEMPLATE } from './postgres.ts'
import { until } from './until.ts'

export type TestDatabase = Database & { readonly url: string }

/**
 * Clones the template (about 50 ms). `close` drops the clone, and fails when a test left one of
 * its own connections open.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(8).toString('hex')}`
  const url = `${server}/${name}`
  await asAdmin(server, (sql) => sql`create database ${sql(name)} template ${sql(TEMPLATE)}`)
  const database = openDatabase({ url, name: 'echowall-test' })
  return {
    ...database,
    url,
    async close() {
      await database.close()
      await asAdmin(server, async (sql) => {
        const left = await connectionsLeft(sql, name)
        await sql`drop database ${sql(name)} with (force)`
        if (left.length > 0) throw new Error(`A test left connections open: ${left.join(', ')}`)
      })
    },
  }
}

async function asAdmin<T>(server: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = openDatabase({
    url: `${server}/postgres`,
    name: 'echowall-test-admin',
    connections: 1,
  })
  try {
    return await work(admin.sql)
  } finally {
    await admin.close()
  }
}

// A connection that was just closed is listed for another moment.
async function connectionsLeft(sql: postgres.Sql, database: string): Promise<string[]> {
  let names: string[] = []
  await until(async () => {
    const rows = await sql<{ name: string }[]>`
      select application_name as name from pg_stat_activity
      where datname = ${database} and backend_type = 'client backend'`
    names = rows.map((row) => row.name)
    return names.length === 0
  }, 2_000).catch(() => undefined)
  return names
}
