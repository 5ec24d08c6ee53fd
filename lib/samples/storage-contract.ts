// What administrators see of the store: bytes by level, and what other retentions free.
import { z } from 'zod'
import { RETENTION_DAYS } from '#lib/vocabulary.ts'
import { StorageCause, StorageLevel } from './storage-level.ts'

/** The settings that say for how many days something is kept. */
export const RetentionSetting = z.enum([
  'RAW_RETENTION_DAYS',
  'MINUTE_RETENTION_DAYS',
  'HOUR_RETENTION_DAYS',
])
export type RetentionSetting = z.infer<typeof RetentionSetting>

const proposal = (setting: RetentionSetting) =>
  z.coerce.number().int().min(1).max(RETENTION_DAYS[setting].most).optional()

/** Days that are thought of instead of those that are set. */
export const StorageQuery = z.strictObject({
  raw_days: proposal('RAW_RETENTION_DAYS'),
  minute_days: proposal('MINUTE_RETENTION_DAYS'),
  hour_days: proposal('HOUR_RETENTION_DAYS'),
})
export type StorageQuery = z.infer<typeof StorageQuery>

const bytes = z.int().min(0)

/** What keeping a level for so many days would free at once, and how large it would become. */
const Effect = z.strictObject({
  days: z.int(),
  freed_bytes: bytes,
  /** At the present load; null where that is not known yet. */
  full_bytes: bytes.nullable(),
})
export type Effect = z.infer<typeof Effect>

export const StoredLevel = z.strictObject({
  /** `hot`: results of the last hours, as rows. `samples`: older ones, packed. */
  name: z.enum(['hot', 'samples', 'minutes', 'hours', 'days', 'outages']),
  setting: RetentionSetting,
  days: z.int(),
  /** With indexes and what is stored out of line. */
  bytes,
  /** Of these, room that deleted rows have left inside the tables. */
  reusable_bytes: bytes,
  oldest_at: z.iso.datetime().nullable(),
  newest_at: z.iso.datetime().nullable(),
  /** What a day adds at the present load; null where it is not known, or nothing is added for good. */
  bytes_a_day: bytes.nullable(),
  /** How large it will be at the present load, once the retention is reached. */
  full_bytes: bytes.nullable(),
  /** Bytes by age: element i is what is at least i days old and not yet i + 1. */
  age_bytes: z.array(bytes),
  /** False where a part of a large table was looked at for all of it. */
  is_exact: z.boolean(),
  /** What the query proposed. */
  proposed: Effect.nullable(),
})
export type StoredLevel = z.infer<typeof StoredLevel>

export const StorageUse = z.strictObject({
  level: StorageLevel,
  cause: StorageCause.nullable(),
  since: z.iso.datetime().nullable(),
  /** Of the disk that holds the database; null where no worker can see it. */
  disk: z.strictObject({ free_bytes: bytes, total_bytes: bytes, reserve_bytes: bytes }).nullable(),
  database_bytes: bytes,
  limit_bytes: bytes.nullable(),
  levels: z.array(StoredLevel),
  /** Accounts, groups, the audit trail, PostgreSQL's own. */
  rest_bytes: bytes,
})
export type StorageUse = z.infer<typeof StorageUse>

/** Rows leave once they are so many days old; hot ones are younger than any retention. */
export function effectOf(level: Omit<StoredLevel, 'proposed'>, days: number): Effect {
  const freed = level.age_bytes.slice(days).reduce((sum, one) => sum + one, 0)
  const full = level.bytes_a_day === null ? level.full_bytes : level.bytes_a_day * days
  return { days, freed_bytes: freed, full_bytes: full }
}
