// What can be known of the room for data: by asking the system, and by trying.
import { statfs } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Disk } from '#lib/samples/storage-state.ts'

/** Uncompressed, so that it is really written; an hour of results from a hundred addresses is as much. */
const TRIAL_PIECES = 32
const PIECE_BYTES = 1024 * 1024

/** The disk that holds the folder; what only the system's administrator may fill is not free. */
export async function readDiskOf(folder: string): Promise<Disk> {
  const { bsize, bavail, blocks } = await statfs(folder)
  return { freeBytes: bavail * bsize, diskBytes: blocks * bsize }
}

/** Writes 32 MiB and takes them back; throws what PostgreSQL says where there is no room for them. */
export async function tryToWrite(db: Db): Promise<void> {
  const taken = new Error('What was written on trial is taken back.')
  await db
    .transaction(async (tx) => {
      await tx.execute(
        sql`create unlogged table storage_trial (piece text storage external not null)`,
      )
      await tx.execute(sql`
        insert into storage_trial
        select repeat('.', ${PIECE_BYTES}::int) from generate_series(1, ${TRIAL_PIECES}::int)`)
      throw taken
    })
    .catch((error: unknown) => {
      if (error !== taken) throw error
    })
}
