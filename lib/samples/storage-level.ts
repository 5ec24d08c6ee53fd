// How much room is left for results: enough, little, or too little to store them.
import { z } from 'zod'

/** `low` warns; at `full` results are no longer stored, nor announced: they are not measured. */
export const StorageLevel = z.enum(['ok', 'low', 'full'])
export type StorageLevel = z.infer<typeof StorageLevel>

/** What there is too little of: the disk, what the database may take, or PostgreSQL said so itself. */
export const StorageCause = z.enum(['disk', 'limit', 'refused'])
export type StorageCause = z.infer<typeof StorageCause>

/** How it stands, and since when; null where that was never otherwise. */
export type StorageState = {
  level: StorageLevel
  cause: StorageCause | null
  since: string | null
}

/** Bytes that may still be written, and how many of them are kept back. */
export type Room = { cause: StorageCause; bytes: number; reserveBytes: number }

/** Shares of the reserve: what has fallen below one rises above the other before it counts as left. */
const FULL = { below: 1, left: 1.25 }
const LOW = { below: 2, left: 2.25 }
/** So much must be free again before results are stored, once they were not. */
export const resumesAt = (reserveBytes: number) => reserveBytes * FULL.left
/** Of a limit, the part that counts as its reserve: it warns at nine tenths. */
const LIMIT_RESERVE = 0.1

export type Judgement = { level: StorageLevel; cause: StorageCause | null }

/** Judges by the scarcest room; `before` keeps a level from coming and going at its border. */
export function judge(before: StorageLevel, rooms: Room[]): Judgement {
  const [scarcest] = rooms
    .map(({ cause, bytes, reserveBytes }) => ({ cause, share: bytes / reserveBytes }))
    .sort((a, b) => a.share - b.share)
  if (!scarcest) return { level: 'ok', cause: null }
  const { cause, share } = scarcest
  if (share < (before === 'full' ? FULL.left : FULL.below)) return { level: 'full', cause }
  if (share < (before === 'ok' ? LOW.below : LOW.left)) return { level: 'low', cause }
  return { level: 'ok', cause: null }
}

/** The room within a limit: nothing of it is left over when the database is as large. */
export function roomWithin(limitBytes: number, databaseBytes: number): Room {
  const reserveBytes = limitBytes * LIMIT_RESERVE
  return { cause: 'limit', bytes: limitBytes - databaseBytes + reserveBytes, reserveBytes }
}

/** The worst of several: each worker knows what it can know. */
export function worstOf(states: StorageState[]): StorageState {
  for (const level of ['full', 'low'] as const) {
    const [first] = states
      .filter((state) => state.level === level)
      .sort((a, b) => (a.since ?? '').localeCompare(b.since ?? ''))
    if (first) return first
  }
  return { level: 'ok', cause: null, since: null }
}
