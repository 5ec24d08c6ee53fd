// How much the store takes, level by level, and what another retention would free.
import { sql } from 'drizzle-orm'
import { requireAdmin } from '#lib/auth/access.ts'
import type { Ctx } from '#lib/auth/context.ts'
import type { Db } from '#lib/db/client.ts'
import {
  daySummaries,
  hourSummaries,
  minuteSummaries,
  outages,
  sampleBlocks,
} from '#lib/db/schema.ts'
import { HOUR_MS, type HotHour, listHotHours, partitionOf } from './hot-hours.ts'
import { type LevelTable, measureLevel } from './level-use.ts'
import {
  effectOf,
  type RetentionSetting,
  type StorageQuery,
  type StorageUse,
  type StoredLevel,
} from './storage-contract.ts'
import { readDatabaseBytes, readDisk, readStorageState } from './storage-state.ts'

const MB = 1024 * 1024
/** Read within a second or two, also from a slow disk. */
const LOOK_BYTES = 64 * MB
/** Of how many hours rows are hot at most: four that are over, and this one. */
const HOT_HOURS = 5

type Measured = Omit<StoredLevel, 'days' | 'proposed'>
type Load = { samples: number; minutes: number; hours: number; days: number; outages: null }

// The first of a pack's slots that is there: packs begin at whole hours, days or more.
const firstSlot = (span: string) => sql`t.since + t.slots[1] * ${sql.raw(`interval '${span}'`)}`
const ended = (time: string, span: string) =>
  sql`t.${sql.identifier(time)} + ${sql.raw(`interval '${span}'`)}`

/** The tables of the levels, and what each of their rows holds. */
export const TABLES: (LevelTable & { name: keyof Load; setting: RetentionSetting })[] = [
  {
    name: 'samples',
    setting: 'RAW_RETENTION_DAYS',
    table: sampleBlocks,
    startedAt: sql`t.hour`,
    endedAt: ended('hour', '1 hour'),
    units: sql`cardinality(t.rtt_us)`,
  },
  {
    name: 'minutes',
    setting: 'MINUTE_RETENTION_DAYS',
    table: minuteSummaries,
    startedAt: firstSlot('1 minute'),
    endedAt: ended('since', '1 hour'),
    units: sql`cardinality(t.slots)`,
  },
  {
    name: 'hours',
    setting: 'HOUR_RETENTION_DAYS',
    table: hourSummaries,
    startedAt: firstSlot('1 hour'),
    endedAt: ended('since', '1 day'),
    units: sql`cardinality(t.slots)`,
  },
  {
    name: 'days',
    setting: 'HOUR_RETENTION_DAYS',
    table: daySummaries,
    startedAt: firstSlot('1 day'),
    endedAt: ended('since', '30 days'),
    units: sql`cardinality(t.slots)`,
  },
  {
    name: 'outages',
    setting: 'MINUTE_RETENTION_DAYS',
    table: outages,
    startedAt: sql`t.started_at`,
    endedAt: sql`coalesce(t.ended_at, now())`,
    units: undefined,
  },
]

/** For administrators: throws `forbidden` for others. Sizes are those of this moment, in bytes. */
export async function readStorageUse(ctx: Ctx, query: StorageQuery): Promise<StorageUse> {
  requireAdmin(ctx)
  const { db, config } = ctx
  const limit = config.DATABASE_LIMIT_MB
  const [state, disk, load] = [await readStorageState(db), await readDisk(db), await readLoad(db)]
  const measured = [await measureHot(db, load), ...(await measureTables(db, load))]
  const levels = measured.map((level) => withRetention(level, config[level.setting], query))
  const databaseBytes = await readDatabaseBytes(db)
  const levelBytes = levels.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    ...state,
    disk: disk
      ? {
          free_bytes: disk.freeBytes,
          total_bytes: disk.diskBytes,
          reserve_bytes: config.DISK_RESERVE_MB * MB,
        }
      : null,
    database_bytes: databaseBytes,
    limit_bytes: limit === undefined ? null : limit * MB,
    levels,
    rest_bytes: Math.max(0, databaseBytes - levelBytes),
  }
}

function withRetention(level: Measured, days: number, query: StorageQuery): StoredLevel {
  const asked: Record<RetentionSetting, number | undefined> = {
    RAW_RETENTION_DAYS: query.raw_days,
    MINUTE_RETENTION_DAYS: query.minute_days,
    HOUR_RETENTION_DAYS: query.hour_days,
  }
  const proposal = asked[level.setting]
  const kept = { ...level, days }
  const { full_bytes } = effectOf(kept, days)
  const proposed = proposal === undefined ? null : effectOf(kept, proposal)
  return { ...kept, full_bytes, proposed }
}

async function measureTables(db: Db, load: Load): Promise<Measured[]> {
  const levels: Measured[] = []
  for (const { name, setting, ...table } of TABLES) {
    const use = await measureLevel(db, table, LOOK_BYTES)
    const [perUnit, unitsADay] = [use.bytesPerUnit, load[name]]
    levels.push({
      name,
      setting,
      bytes: use.bytes,
      reusable_bytes: Math.round(use.reusableBytes),
      oldest_at: use.oldestAt,
      newest_at: use.newestAt,
      bytes_a_day: perUnit === null || unitsADay === null ? null : Math.round(perUnit * unitsADay),
      full_bytes: null,
      age_bytes: use.ageBytes,
      is_exact: use.isExact,
    })
  }
  return levels
}

/** What the targets that run now will add in a day: results, and minutes, hours and days with one. */
async function readLoad(db: Db): Promise<Load> {
  const [row] = await db.execute<Omit<Load, 'outages'>>(sql`
    select coalesce(sum(86400000.0 / interval_ms), 0)::float8 as samples,
      coalesce(sum(least(1440, 86400000.0 / interval_ms)), 0)::float8 as minutes,
      count(*)::int * 24 as hours, count(*)::int as days
    from probes p
    where exists (select from target_runs r where r.probe_id = p.id and r.ended_at is null)`)
  return {
    samples: row?.samples ?? 0,
    minutes: row?.minutes ?? 0,
    hours: row?.hours ?? 0,
    days: row?.days ?? 0,
    outages: null,
  }
}

// Rows of the last hours, and those that came late; they are packed hour by hour.
async function measureHot(db: Db, { samples }: Load): Promise<Measured> {
  const hours = (await listHotHours(db)).filter(({ isEmpty }) => !isEmpty)
  const [row] = await db.execute<{ bytes: string }>(sql`
    select sum(pg_total_relation_size(inhrelid)) as bytes from pg_inherits
    where inhparent = 'samples'::regclass`)
  const rowBytes = await measureRow(db, hours)
  const newest = hours.at(-1)?.hour.getTime()
  return {
    name: 'hot',
    setting: 'RAW_RETENTION_DAYS',
    bytes: Number(row?.bytes ?? 0),
    reusable_bytes: 0,
    oldest_at: hours[0]?.hour.toISOString() ?? null,
    newest_at: newest ? new Date(Math.min(Date.now(), newest + HOUR_MS)).toISOString() : null,
    bytes_a_day: null,
    full_bytes: rowBytes === null ? null : Math.round((rowBytes * samples * HOT_HOURS) / 24),
    age_bytes: [],
    is_exact: true,
  }
}

// As many rows as stand in a full page, and what the table takes for each of its pages.
async function measureRow(db: Db, hours: HotHour[]): Promise<number | null> {
  for (const { hour } of hours) {
    const table = sql.identifier(partitionOf(hour))
    const [row] = await db.execute<{ bytes: number | null }>(sql`
      select case when pages > 1 and rows > 0 then total / pages::float8 / rows end as bytes
      from (select count(*) as rows from ${table} where ctid < '(1,0)') r,
        (select pg_total_relation_size(oid) as total,
          pg_relation_size(oid) / current_setting('block_size')::int as pages
        from pg_class where oid = ${partitionOf(hour)}::regclass) s`)
    if (row?.bytes) return row.bytes
  }
  return null
}
