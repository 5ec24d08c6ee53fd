// The room that the database has, on its disk or by its limit, and how much it will need.
import type { StorageUse } from '#lib/samples/storage-contract.ts'

export type RoomParts = {
  kind: 'disk' | 'limit'
  totalBytes: number
  ownBytes: number
  /** What others have taken of it, and PostgreSQL's log of changes. */
  otherBytes: number
  freeBytes: number
  /** Of the free bytes, those that are never used. */
  reserveBytes: number
}

/** The scarcer of the two; undefined where neither is known. */
export function roomOf({ disk, limit_bytes, database_bytes }: StorageUse): RoomParts | undefined {
  const onDisk: RoomParts | undefined = disk
    ? {
        kind: 'disk',
        totalBytes: disk.total_bytes,
        ownBytes: database_bytes,
        otherBytes: Math.max(0, disk.total_bytes - disk.free_bytes - database_bytes),
        freeBytes: disk.free_bytes,
        reserveBytes: disk.reserve_bytes,
      }
    : undefined
  if (limit_bytes === null) return onDisk
  const freeBytes = Math.max(0, limit_bytes - database_bytes)
  if (onDisk && onDisk.freeBytes - onDisk.reserveBytes < freeBytes) return onDisk
  return {
    kind: 'limit',
    totalBytes: Math.max(limit_bytes, database_bytes),
    ownBytes: database_bytes,
    otherBytes: 0,
    freeBytes,
    reserveBytes: 0,
  }
}

/** How large the database will be once every retention is reached; null where nothing is known of it. */
export function fullBytes({ levels, rest_bytes }: StorageUse): number | null {
  const known = levels.filter(({ full_bytes }) => full_bytes !== null)
  if (known.length === 0) return null
  return levels.reduce((sum, { full_bytes, bytes }) => sum + (full_bytes ?? bytes), rest_bytes)
}
