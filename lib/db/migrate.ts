// Brings a database to the newest schema, one process at a time; tells if it is there.
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import type { Log } from '#lib/log.ts'
import { type Db, openDatabase } from './client.ts'
import { LOCK_CLASS } from './locks.ts'

const MIGRATIONS = {
  migrationsFolder: fileURLToPath(new URL('../../drizzle/migrations', import.meta.url)),
}

/**
 * Applies every migration that is missing, in one transaction: all or none. Processes that start
 * together wait for the first. Throws what PostgreSQL or the connection throws.
 */
export async function migrate(url: string, log: Log): Promise<void> {
  // One connection: the session that holds the lock is the one that migrates.
  const { db, close } = openDatabase({ url, name: 'echowall-migrate', connections: 1 })
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK_CLASS.migration}, 0)`)
    if (await migrationsAreApplied(db)) return
    await applyMigrations(db, MIGRATIONS)
    log.info('the database has the newest schema')
  } finally {
    await close()
  }
}

/** Whether the database has the newest migration this program knows; a newer one is fine too. */
export async function migrationsAreApplied(db: Db): Promise<boolean> {
  const newest = Math.max(...readMigrationFiles(MIGRATIONS).map((file) => file.folderMillis))
  const [table] = await db.execute<{ present: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as present`,
  )
  if (!table?.present) return false
  const [applied] = await db.execute<{ newest: string | null }>(
    sql`select max(created_at) as newest from drizzle.__drizzle_migrations`,
  )
  return Number(applied?.newest ?? 0) >= newest
}
