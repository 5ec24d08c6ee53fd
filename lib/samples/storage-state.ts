// What the workers say of the room for data: told where it changes, read by whoever asks.
import { inArray, sql } from 'drizzle-orm'
import { recordAudit } from '#lib/audit/write.ts'
import type { ChannelLayer } from '#lib/channels/layer.ts'
import { STORAGE } from '#lib/channels/names.ts'
import { type Db, inTransaction, isDiskFull, type Tx } from '#lib/db/client.ts'
import { LOCK_CLASS, listWorkers } from '#lib/db/locks.ts'
import { storageJudgements } from '#lib/db/schema.ts'
import { type Judgement, type StorageState, worstOf } from './storage-level.ts'

/** Of the disk that holds the database. */
export type Disk = { freeBytes: number; diskBytes: number }

export type Told = Judgement & { backend: number; disk: Disk | undefined }
type Row = typeof storageJudgements.$inferSelect

/** By which part of itself the free room moves before it is told again: an idle system writes nothing. */
const MOVED = 1 / 32

/** How it stands in the whole installation; anybody may know. */
export async function readStorageState(db: Pick<Db, 'select'>): Promise<StorageState> {
  return stateOf(await db.select().from(storageJudgements))
}

/** The disk that holds the database, as a worker beside it sees it; undefined where none does. */
export async function readDisk(db: Pick<Db, 'select'>): Promise<Disk | undefined> {
  const rows = await db.select().from(storageJudgements)
  return rows.map(diskOf).find((disk) => disk !== undefined)
}

/** How large the database is, everything in it included. */
export async function readDatabaseBytes(db: Db): Promise<number> {
  const [row] = await db.execute<{ bytes: string }>(
    sql`select pg_database_size(current_database()) as bytes`,
  )
  return Number(row?.bytes ?? 0)
}

/**
 * Tells what this worker judges, and forgets workers that are gone; writes nothing where nothing
 * has changed. Where that changes how the installation stands, the same transaction records it in
 * the audit trail and announces it. Gives how it stands now, and whether this has changed it.
 */
export async function tellJudgement(
  { db, channels }: { db: Db; channels: ChannelLayer },
  told: Told,
): Promise<StorageState & { hasChanged: boolean }> {
  const rows = await db.select().from(storageJudgements)
  const gone = await listGone(db, rows, told.backend)
  const own = rows.find(({ backend }) => backend === told.backend)
  if (own && !hasMoved(own, told) && gone.length === 0)
    return { ...stateOf(rows), hasChanged: false }
  return await inTransaction({ db }, async ({ tx }) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS.storage}, 0)`)
    const before = await readStorageState(tx)
    if (gone.length > 0)
      await tx.delete(storageJudgements).where(inArray(storageJudgements.backend, gone))
    await store(tx, told, own?.level === told.level ? own.since : new Date())
    const state = await readStorageState(tx)
    const hasChanged = state.level !== before.level
    if (hasChanged) {
      await audit(tx, before, state)
      await channels.groupSend(STORAGE, { type: 'storage.changed' }, { tx })
    }
    return { ...state, hasChanged }
  })
}

// A disk that is quite full may have no room for that line either, and everybody is to be told all
// the same. The line of the next change names since when it stood so.
async function audit(tx: Tx, from: StorageState, to: StorageState): Promise<void> {
  const facts = { from: from.level, since: from.since, to: to.level, cause: to.cause }
  try {
    await tx.transaction((inner) =>
      recordAudit(inner, { kind: 'worker' }, 'storage.changed', null, facts),
    )
  } catch (error) {
    if (!isDiskFull(error)) throw error
  }
}

async function store(tx: Tx, { backend, level, cause, disk }: Told, since: Date): Promise<void> {
  const row = {
    level,
    cause,
    since,
    freeBytes: disk?.freeBytes ?? null,
    diskBytes: disk?.diskBytes ?? null,
  }
  await tx
    .insert(storageJudgements)
    .values({ backend, ...row })
    .onConflictDoUpdate({ target: storageJudgements.backend, set: row })
}

async function listGone(db: Db, rows: Row[], own: number): Promise<number[]> {
  const others = rows.map(({ backend }) => backend).filter((backend) => backend !== own)
  if (others.length === 0) return []
  const living = await listWorkers(db)
  return others.filter((backend) => !living.includes(backend))
}

function stateOf(rows: Row[]): StorageState {
  return worstOf(
    rows.map(({ level, cause, since }) => ({ level, cause, since: since.toISOString() })),
  )
}

function diskOf({ freeBytes, diskBytes }: Row): Disk | undefined {
  return freeBytes === null || diskBytes === null ? undefined : { freeBytes, diskBytes }
}

function hasMoved(own: Row, { level, cause, disk }: Told): boolean {
  if (own.level !== level || own.cause !== cause) return true
  const before = diskOf(own)
  if (!before || !disk) return before !== disk
  const movedBytes = Math.abs(before.freeBytes - disk.freeBytes)
  return before.diskBytes !== disk.diskBytes || movedBytes > disk.freeBytes * MOVED
}
