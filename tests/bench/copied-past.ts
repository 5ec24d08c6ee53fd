// Gives many probes a long past in bulk: copies of a few's rows, of another for each day.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { listHotHours, partitionOf } from '#lib/samples/hot-hours.ts'

export const DAY_MS = 86_400_000

/** Tables of cold rows, and where their time stands. */
const TIME_COLUMNS = {
  sample_blocks: 'hour',
  minute_summaries: 'since',
  hour_summaries: 'since',
} as const
type Table = keyof typeof TIME_COLUMNS

export type Copies = {
  /** Probes 1 to this are the models, and those up to `probes` their copies. */
  models: number
  probes: number
  /** The first day of which the models have every row, and since when single results are kept. */
  firstDay: Date
  rawSince: Date
  /** Before the first day there were so many more. */
  minuteDays: number
  hourDays: number
}

/** Hot rows and cold ones at the same time: each takes a core. */
export async function copyPast(db: Db, copies: Copies): Promise<void> {
  await Promise.all([copyHot(db, copies), copyCold(db, copies)])
}

// In the order of their times, as workers store them. What is summed up already is not late.
async function copyHot(db: Db, { models, probes }: Copies): Promise<void> {
  for (const { hour, isEmpty } of await listHotHours(db)) {
    if (isEmpty) continue
    const table = sql.identifier(partitionOf(hour))
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(sql`set local work_mem = '256MB'`)
      const day = sql`${Math.floor(hour.getTime() / DAY_MS)}::int`
      await tx.execute(sql`
        insert into ${table} (probe_id, at, rtt_us)
        select p, s.at, s.rtt_us from generate_series(${models + 1}::int, ${probes}::int) p
        join ${table} s on s.probe_id = ${modelOf(day, models)}
        order by s.at, p`)
    })
  }
}

async function copyCold(db: Db, copies: Copies): Promise<void> {
  const { rawSince, minuteDays, hourDays } = copies
  await db.execute(sql`delete from sample_blocks where hour < ${rawSince.toISOString()}`)
  for (const table of ['sample_blocks', 'minute_summaries', 'hour_summaries'] as const) {
    await copyDays(db, table, { ...copies, days: 0 })
  }
  await copyDays(db, 'minute_summaries', { ...copies, days: minuteDays })
  await copyDays(db, 'hour_summaries', { ...copies, days: hourDays })
}

/** `days` 0 are the models' own ones; each day before them is a copy of their first. */
async function copyDays(
  db: Db,
  table: Table,
  { models, probes, firstDay, days }: Copies & { days: number },
): Promise<void> {
  const time = sql.identifier(TIME_COLUMNS[table])
  const rest = await columnsOf(db, table)
  const first = sql`${firstDay.toISOString()}::timestamptz`
  for (let ago = Math.min(days, 1); ago <= days; ago += 1) {
    const isWanted = ago === 0 ? sql`true` : sql`m.${time} < ${first} + interval '1 day'`
    const at = sql`m.${time} - ${ago} * interval '1 day'`
    await db.execute(sql`
      insert into ${sql.identifier(table)} (probe_id, ${time}, ${sql.join(rest, sql`, `)})
      select p, ${at}, ${sql.join(
        rest.map((name) => sql`m.${name}`),
        sql`, `,
      )}
      from generate_series(${ago === 0 ? models + 1 : 1}::int, ${probes}::int) p
      join ${sql.identifier(table)} m on m.probe_id = ${modelOf(dayOf(at), models)}
      where m.${time} >= ${first} and ${isWanted}
      order by m.${time}, p`)
  }
}

// Of a probe `p`, on a day counted since 1970.
function modelOf(day: SQL, models: number): SQL {
  return sql`1 + (p * 7 + ${day} * 3) % ${models}::int`
}

const dayOf = (at: SQL) => sql`floor(date_part('epoch', ${at}) / 86400)::int`

// Not by their names: whatever a row holds is copied.
async function columnsOf(db: Db, table: Table): Promise<SQL[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
      and attname <> all(array['probe_id', ${TIME_COLUMNS[table]}])`)
  return rows.map(({ name }) => sql`${sql.identifier(name)}`)
}
