// Counts within bounds of time and memory, and says clearly where a window holds too much.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { INDEX_ONLY } from './read.ts'

/** Counting is given up after this; it is enough for some million results. */
const LIMIT_MS = 15_000

/**
 * Runs `count`, which is told the time by the database's clock. Throws `invalid` where the window
 * holds more than can be counted.
 */
export async function whileCounting<Answer>(
  db: Db,
  count: (tx: Pick<Db, 'execute'>, now: Date) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await db.transaction(async (tx) => await count(tx, await prepare(tx)))
  } catch (error) {
    throw isCanceled(error) ? tooMuch(error) : error
  }
}

async function prepare(tx: Pick<Db, 'execute'>): Promise<Date> {
  const [row] = await tx.execute<{ now: string }>(sql`
    select clock_timestamp() as now, ${INDEX_ONLY},
      set_config('statement_timeout', ${String(LIMIT_MS)}, true)`)
  if (!row) throw new Error('A query without a table answered no row.')
  return new Date(row.now)
}

/** What is said of a window that holds more than can be counted. */
export function tooMuch(cause?: unknown): AppError {
  const detail =
    'This window holds more results than can be counted at once. Ask for a shorter one.'
  return new AppError('invalid', detail, { cause })
}

// SQLSTATE 57014, query_canceled: the statement's time was up. Drizzle wraps the driver's error.
function isCanceled(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && cause.code === '57014'
}
