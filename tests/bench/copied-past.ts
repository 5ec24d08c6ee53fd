// Gives many probes a long past in bulk: copies of a few's rows, of another for each day.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { HOUR_MS, type HotHour, listHotHours, partitionOf } from '#lib/samples/hot-hours.ts'
import { watchForLate } from '#lib/samples/sum-hour.ts'

export const DAY_MS = 86_400_000

/** Tables of cold rows, and where their time stands. */
const TIME_COLUMNS = {
  sample_blocks: 'hour',
  minute_summaries: 'since',
  hour_summaries: 'since',
} as const
type Table = keyof typeof TIME_COLUMNS
const TABLES = ['sample_blocks', 'minute_summaries', 'hour_summaries'] as const
/** The models' own days: from that before yesterday, at most, until today. */
const OWN_DAYS = 3

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

async function copyHot(db: Db, copies: Copies): Promise<void> {
  for (const hour of await listHotHours(db)) {
    if (!hour.isEmpty) await db.transaction((tx) => copyHour(tx, hour, copies))
  }
}

// In the order of their times, as workers store them; the index is made afterwards, in less time.
async function copyHour(
  tx: Pick<Db, 'execute'>,
  { hour, isSummed }: HotHour,
  { models, probes }: Copies,
): Promise<void> {
  const [theirs, copy] = [sql.identifier(partitionOf(hour)), sql.identifier('hour_copy')]
  const [from, to] = [hour, new Date(hour.getTime() + HOUR_MS)].map((time) => time.toISOString())
  await tx.execute(sql`set local work_mem = '256MB'`)
  await tx.execute(sql`create unlogged table ${copy} (like ${theirs} including constraints)`)
  await tx.execute(sql`
    insert into ${copy} (probe_id, at, rtt_us)
    select p, s.at, s.rtt_us from generate_series(1, ${probes}::int) p
    join ${theirs} s on s.probe_id = ${modelOf({ models, day: hour })}
    order by s.at, p`)
  await tx.execute(sql`alter table ${copy} add primary key (probe_id, at) include (rtt_us)`)
  await tx.execute(sql`drop table ${theirs}`)
  await tx.execute(sql`alter table ${copy} rename to ${theirs}`)
  await tx.execute(
    sql.raw(`alter table samples attach partition ${partitionOf(hour)}
      for values from ('${from}') to ('${to}')`),
  )
  if (isSummed) await watchForLate(tx, hour)
}

async function copyCold(db: Db, copies: Copies): Promise<void> {
  const { firstDay, rawSince, minuteDays, hourDays } = copies
  await db.execute(sql`delete from sample_blocks where hour < ${rawSince.toISOString()}`)
  for (const table of TABLES) {
    // What only reads are timed of need not survive a crash.
    await db.execute(sql`alter table ${sql.identifier(table)} set unlogged`)
    for (let ahead = 0; ahead < OWN_DAYS; ahead += 1) {
      const day = new Date(firstDay.getTime() + ahead * DAY_MS)
      await copyDay(db, table, { ...copies, day, model: day })
    }
  }
  const counts = { minute_summaries: minuteDays, hour_summaries: hourDays }
  for (const table of ['minute_summaries', 'hour_summaries'] as const) {
    for (let ago = 1; ago <= counts[table]; ago += 1) {
      const day = new Date(firstDay.getTime() - ago * DAY_MS)
      await copyDay(db, table, { ...copies, day, model: firstDay })
    }
  }
}

/** Rows of a day for all who have none yet, copies of the models' on theirs. */
async function copyDay(
  db: Db,
  table: Table,
  { models, probes, day, model }: Copies & { day: Date; model: Date },
): Promise<void> {
  const time = sql.identifier(TIME_COLUMNS[table])
  const rest = await columnsOf(db, table)
  const modelDay = sql`${model.toISOString()}::timestamptz`
  const at = sql`m.${time} + (${day.toISOString()}::timestamptz - ${modelDay})`
  await db.execute(sql`
    insert into ${sql.identifier(table)} (probe_id, ${time}, ${sql.join(rest, sql`, `)})
    select p, ${at}, ${sql.join(
      rest.map((name) => sql`m.${name}`),
      sql`, `,
    )}
    from generate_series(1, ${probes}::int) p
    join ${sql.identifier(table)} m on m.probe_id = ${modelOf({ models, day })}
    where m.probe_id <= ${models} and m.${time} >= ${modelDay}
      and m.${time} < ${modelDay} + interval '1 day'
    order by m.${time}, p on conflict do nothing`)
}

// Of a probe `p`: a model is its own, the others have another one each day.
function modelOf({ models, day }: { models: number; day: Date }): SQL {
  const number = Math.floor(day.getTime() / DAY_MS)
  return sql`case when p <= ${models} then p else 1 + (p * 7 + ${number}::int * 3) % ${models} end`
}

// Not by their names: whatever a row holds is copied.
async function columnsOf(db: Db, table: Table): Promise<SQL[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
      and attname <> all(array['probe_id', ${TIME_COLUMNS[table]}])`)
  return rows.map(({ name }) => sql`${sql.identifier(name)}`)
}
