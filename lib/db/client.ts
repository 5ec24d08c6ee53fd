// The road to PostgreSQL: one pool per process, transactions that tell their commit.
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema.ts'

export type Db = PostgresJsDatabase<typeof schema>

/** A running transaction. What `afterCommit` was given runs after a commit, in order, and never after a rollback. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0] & {
  afterCommit(action: () => void | Promise<void>): void
}

export type DatabaseOptions = {
  url: string
  /** Shown in pg_stat_activity. */
  name: string
  connections?: number
  onclose?: () => void
}

export type Database = { db: Db; sql: postgres.Sql; close(): Promise<void> }

/** Opens a pool; it connects on first use and reconnects by itself. */
export function openDatabase({ url, name, connections = 10, onclose }: DatabaseOptions): Database {
  const sql = postgres(url, {
    max: connections,
    // Migrations say "already exists, skipping"; that is no news.
    onnotice: () => {},
    connect_timeout: 5,
    max_lifetime: null,
    idle_timeout: connections === 1 ? undefined : 60,
    backoff: (attempt: number) => Math.min(2, 0.05 * 2 ** attempt),
    connection: { application_name: name },
    ...(onclose && { onclose }),
  })
  const db = drizzle(sql, { schema })
  return { db, sql, close: () => sql.end({ timeout: 2 }) }
}

/** Runs `work` in one transaction, handing it the given context with `tx` added. */
export async function inTransaction<C extends { db: Db }, T>(
  ctx: C,
  work: (inner: C & { tx: Tx }) => Promise<T>,
): Promise<T> {
  const afterwards: (() => void | Promise<void>)[] = []
  const result = await ctx.db.transaction(async (bare) => {
    const tx: Tx = Object.assign(bare, {
      afterCommit: (action: () => void | Promise<void>) => void afterwards.push(action),
    })
    return await work({ ...ctx, tx })
  })
  for (const action of afterwards) await action()
  return result
}

// postgres.js's own codes, the system's, and SQLSTATE classes 08 (connection) and 57P (shutdown).
const AWAY = /^(CONNECT|CONNECTION_|ECONN|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|08|57P|53300)/

/** SQLSTATE disk_full: what could not be written may be written later. */
const FULL = /^53100$/

/** Whether the error says that PostgreSQL cannot be reached just now, rather than that a statement is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  return hasCode(error, AWAY)
}

/** Whether PostgreSQL refused to write for want of room. */
export function isDiskFull(error: unknown): boolean {
  return hasCode(error, FULL)
}

function hasCode(error: unknown, codes: RegExp): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string' && codes.test(one.code)) return true
  }
  return false
}
