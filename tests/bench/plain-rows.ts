// The same echoes as rows of a plain table with a B-tree, and the statement to ask it.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from '#lib/samples/between.ts'
import { type Contender, timeOf, type Window } from './contenders.ts'
import { DAY_MS } from './copied-past.ts'
import { type LongStore, MINUTE_DAYS, type StoredGroup } from './long-store.ts'

type PlainWindow = { probeIds: number[]; from: Date; to: Date }

const time = (at: Date) => sql`${at.toISOString()}::timestamptz`

/** A day of this group, and of its first target as many days as we keep minutes of. */
export async function openPlainRows(
  { ctx: { db }, end, until }: LongStore,
  group: StoredGroup,
): Promise<Contender> {
  const probeIds = await probesOf(db, group)
  const dayBefore = new Date(end.getTime() - DAY_MS)
  const daysBefore = new Date(end.getTime() - MINUTE_DAYS * DAY_MS)
  await makeRows(db, { probeIds, from: dayBefore, to: until })
  await repeatRows(
    db,
    { probeIds: probeIds.slice(0, 1), from: dayBefore, to: end },
    MINUTE_DAYS - 1,
  )
  const bytes = await bytesOfRow(db)

  return { name: 'Plain rows', bytesAnEcho: bytes, ask }

  async function ask({ targets, from, to, stepSeconds, isChart }: Window): Promise<string> {
    const seconds = (to.getTime() - from.getTime()) / 1_000
    if (from < daysBefore) return `not kept: ${((bytes * seconds) / 1e9).toFixed(1)} GB a target`
    const count = from < dayBefore ? 1 : Math.min(targets, probeIds.length)
    const window = { probeIds: probeIds.slice(0, count), from, to }
    const took = await timeOf(() => countRows(db, window, isChart ? stepSeconds : seconds))
    return count < targets ? `${took} for ${count} of them` : took
  }
}

async function probesOf(db: Db, { targetIds }: StoredGroup): Promise<number[]> {
  const rows = await db.execute<{ id: number }>(sql`
    select t.probe_id as id from unnest(${sql.param(targetIds)}::uuid[]) with ordinality as u(id, i)
    join targets t on t.id = u.id order by i`)
  return rows.map(({ id }) => id)
}

/** The results of these probes in a window, in the order of their times. */
async function makeRows(db: Db, { probeIds, from, to }: PlainWindow): Promise<void> {
  await db.execute(sql`
    create unlogged table plain_samples (probe_id int, at timestamptz, rtt_us int not null)`)
  await db.execute(sql`
    insert into plain_samples
    select probe_id, s.at, s.rtt_us from unnest(${sql.param(probeIds)}::int[]) as u(probe_id)
    cross join lateral ${samplesBetween(sql`u.probe_id`, time(from), time(to))} s
    order by s.at`)
  await db.execute(sql`alter table plain_samples add primary key (probe_id, at)`)
}

/** The window of one probe once more for each of so many days before it. */
async function repeatRows(
  db: Db,
  { probeIds, from, to }: PlainWindow,
  days: number,
): Promise<void> {
  await db.execute(sql`
    insert into plain_samples
    select probe_id, at - day * interval '1 day', rtt_us
    from plain_samples cross join generate_series(1, ${days}::int) day
    where probe_id = any(${sql.param(probeIds)}::int[]) and at >= ${time(from)} and at < ${time(to)}
    order by 2`)
  await db.execute(sql`vacuum (analyze) plain_samples`)
}

/** The figures of each probe, in buckets of so many seconds; resolves with the echoes counted. */
async function countRows(db: Db, window: PlainWindow, bucketSeconds: number): Promise<number> {
  return await db.transaction(async (tx) => {
    // As much as ours are counted with.
    await tx.execute(sql`set local work_mem = '32MB'`)
    const rows = await tx.execute<{ sent: number }>(figuresOf(window, bucketSeconds))
    return rows.reduce((sum, { sent }) => sum + sent, 0)
  })
}

function figuresOf({ probeIds, from, to }: PlainWindow, bucketSeconds: number): SQL {
  return sql`
    select probe_id, date_bin(${bucketSeconds} * interval '1 s', at, ${time(from)}) as since,
      count(*)::int as sent, count(*) filter (where rtt_us >= 0) as received,
      min(rtt_us) filter (where rtt_us >= 0), avg(rtt_us) filter (where rtt_us >= 0),
      max(rtt_us) filter (where rtt_us >= 0),
      percentile_disc(array[0.5, 0.95, 0.99]) within group (order by rtt_us)
        filter (where rtt_us >= 0),
      avg(abs(step)) filter (where rtt_us >= 0) as jitter
    from (
      select *, rtt_us - lag(rtt_us) over (partition by probe_id, rtt_us < 0 order by at) as step
      from plain_samples
      where probe_id = any(${sql.param(probeIds)}::int[]) and at >= ${time(from)} and at < ${time(to)}
    ) s group by 1, 2`
}

/** With its index. */
async function bytesOfRow(db: Db): Promise<number> {
  const [row] = await db.execute<{ bytes: number }>(sql`
    select pg_total_relation_size('plain_samples')::float8 / count(*) as bytes from plain_samples`)
  return row?.bytes ?? Number.NaN
}
