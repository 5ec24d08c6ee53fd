// One process at a time sums up and compacts; the others leave it to that one.
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'

/** The sort of an hour; more than this goes by way of the disk. */
const WORK_MEMORY = '64MB'
/** For readers of an hour's rows to end; afterwards we come again in a minute. */
const LOCK_LIMIT = '2s'

/**
 * Runs `work` in a transaction of its own, unless another process is at it. Not an hour each: those
 * of a day are packed together.
 */
export async function inTurn<Done>(
  db: Db,
  work: (tx: Pick<Tx, 'execute'>) => Promise<Done>,
): Promise<Done | undefined> {
  return await db.transaction(async (tx) => {
    const [lock] = await tx.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(${LOCK_CLASS.compaction}, 0) as mine`,
    )
    if (!lock?.mine) return undefined
    await tx.execute(sql.raw(`set local lock_timeout = '${LOCK_LIMIT}'`))
    await tx.execute(sql.raw(`set local work_mem = '${WORK_MEMORY}'`))
    return await work(tx)
  })
}
