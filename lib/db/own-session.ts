// Proves that a connection keeps its session: behind a transaction pooler it does not.
import type postgres from 'postgres'
import { SetUpFault } from '#lib/errors.ts'
import { openDatabase } from './client.ts'

/** A pooler with many connections may by chance give one back to whom it had it from. */
const ROUNDS = 3

/**
 * Throws a `SetUpFault` when what a session holds may end up in somebody else's hands, and what
 * PostgreSQL answers when it cannot be asked.
 */
export async function requireOwnSession(url: string): Promise<void> {
  const open = () => openDatabase({ url, name: 'echowall-proof', connections: 1 })
  const [holder, other] = [open(), open()]
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await backendOf(holder.sql)
      const isKept = await other.sql.begin(async (busy) => {
        // A pooler has lent this transaction what the holder had, or lends the holder another now.
        const theirs = await backendOf(busy)
        return theirs !== before && (await backendOf(holder.sql)) === before
      })
      if (!isKept) throw poolerBetween('A connection to PostgreSQL does not keep its session')
    }
  } finally {
    await Promise.all([holder.close(), other.close()])
  }
}

/** What a transaction pooler shows itself by, as a sentence for operators. */
export function poolerBetween(symptom: string, cause?: unknown): SetUpFault {
  return new SetUpFault(
    `${symptom}: a transaction pooler stands in between. ` +
      'Let DATABASE_URL name the server itself, or a pooler in session mode.',
    { cause },
  )
}

// By the simple protocol: old poolers know no prepared statements.
async function backendOf(sql: postgres.ISql): Promise<number | undefined> {
  const [row] = await sql.unsafe<{ pid: number }[]>('select pg_backend_pid() as pid')
  return row?.pid
}
