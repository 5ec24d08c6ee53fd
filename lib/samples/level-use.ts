// How much a level of history takes, by age: measured in its tables, of large ones a part.
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '#lib/db/client.ts'

/** A table whose rows `t` reach from `startedAt` to `endedAt` and hold `units`, such as minutes. */
export type LevelTable = { table: PgTable; startedAt: SQL; endedAt: SQL; units: SQL | undefined }

export type LevelUse = {
  bytes: number
  reusableBytes: number
  oldestAt: string | null
  newestAt: string | null
  ageBytes: number[]
  isExact: boolean
  /** Null while nothing is stored. */
  bytesPerUnit: number | null
}

/** Rows, the newest of those looked at, that tell how large a unit is: their arrays are unpacked. */
const UNIT_ROWS = 500
/** A row's header and its places in the page and the index, beside its columns. */
const ROW_BYTES = 52
/** Above its rows a table takes so much for its pages' ends; what is more was left by deleted rows. */
const MOST_SLACK = 1.25

type Ages = { age: number; bytes: number; oldest: string; newest: string }

/**
 * Looks at all of a table of up to `lookBytes`, and of a larger one at pages enough for so many.
 * Nothing is unpacked to be measured: PostgreSQL knows what a column takes as it is stored.
 */
export async function measureLevel(
  db: Db,
  level: LevelTable,
  lookBytes: number,
): Promise<LevelUse> {
  const { total, heap } = await readSizes(db, level.table)
  const percent = Math.min(100, (100 * lookBytes) / Math.max(1, heap))
  const part = sql`(select * from ${level.table} tablesample system (${percent}::float8)) t`
  const size = sizeOf(level.table)
  const ages = await db.execute<Ages>(sql`
    select greatest(0, floor(extract(epoch from now() - ended_at) / 86400))::int as age,
      sum(bytes)::float8 as bytes,
      min(started_at) as oldest, least(max(ended_at), now()) as newest
    from (
      select ${level.startedAt} as started_at, ${level.endedAt} as ended_at, ${size} as bytes
      from ${part}
    ) r
    group by 1 order by 1`)
  const rowBytes = ages.reduce((sum, { bytes }) => sum + bytes, 0) * (100 / percent)
  const slack = rowBytes > 0 ? Math.min(MOST_SLACK, Math.max(1, total / rowBytes)) : 1
  const scale = (100 / percent) * slack
  return {
    bytes: total,
    reusableBytes: Math.max(0, total - rowBytes * slack),
    oldestAt: toIso(ages.at(-1)?.oldest),
    newestAt: toIso(ages[0]?.newest),
    ageBytes: toArray(ages, scale),
    isExact: percent === 100,
    bytesPerUnit: await measureUnit(db, level, { part, size, slack }),
  }
}

/** A table with its indexes and what it stores out of line, and its main part alone. */
async function readSizes(db: Db, table: PgTable): Promise<{ total: number; heap: number }> {
  const [row] = await db.execute<{ total: string; heap: string }>(sql`
    select pg_total_relation_size(c.oid) as total, pg_relation_size(c.oid) as heap
    from pg_class c where c.oid = ${getTableName(table)}::regclass`)
  return { total: Number(row?.total ?? 0), heap: Number(row?.heap ?? 0) }
}

async function measureUnit(
  db: Db,
  { endedAt, units }: LevelTable,
  { part, size, slack }: { part: SQL; size: SQL; slack: number },
): Promise<number | null> {
  if (!units) return null
  const [row] = await db.execute<{ size: number | null }>(sql`
    select sum(${size})::float8 / nullif(sum(${units}), 0) as size
    from (select * from ${part} order by ${endedAt} desc limit ${UNIT_ROWS}) t`)
  return row?.size === null || row?.size === undefined ? null : row.size * slack
}

// Of the row `t`.
function sizeOf(table: PgTable): SQL {
  const columns = Object.values(getTableColumns(table))
  const sizes = columns.map(
    ({ name }) => sql`coalesce(pg_column_size(t.${sql.identifier(name)}), 0)`,
  )
  return sql`(${ROW_BYTES}::int + ${sql.join(sizes, sql` + `)})`
}

function toArray(ages: Ages[], scale: number): number[] {
  const array = new Array<number>((ages.at(-1)?.age ?? -1) + 1).fill(0)
  for (const { age, bytes } of ages) array[age] = Math.round(bytes * scale)
  return array
}

function toIso(time: string | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
