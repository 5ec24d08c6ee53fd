// What a target's history takes on disk, beside plain rows and round-robin files.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { HOUR_MS, hotSince, keepHotHours } from '#lib/samples/hot-hours.ts'
import { tableOf } from '../support/printed-page.ts'
import { sized } from './command-line.ts'
import { tableOfGoals } from './goal.ts'
import { openInstallation } from './lone-worker.ts'
import { makeHour, makeProbes } from './made-up-history.ts'
import { measureRoundRobin } from './round-robin.ts'

const PROBES = sized(50, 4)
/** A whole day, by UTC, so that its hours stand in one pack. */
const HOURS = 24
const ECHOES_A_DAY = 86_400
const MINUTE_DAYS = 30
const HOUR_DAYS = 730

/** Bytes of a day of one target. */
type Space = { plain: number; blocks: number; minutes: number; hours: number }

export async function measureSpace(): Promise<string[]> {
  const { ctx, close } = await openInstallation()
  try {
    const space = await storeDay(ctx.db)
    const files = await measureRoundRobin()
    const perEcho = (bytes: number) => (bytes / ECHOES_A_DAY).toFixed(1)
    const whole = space.blocks + space.minutes * MINUTE_DAYS + space.hours * HOUR_DAYS
    return [
      `A day of ${PROBES} targets at one echo a second, tables with their indexes.`,
      '',
      ...tableOf(
        ['One target, one day', 'Kilobytes', 'Bytes an echo'],
        [
          ['plain rows, with their index', space.plain],
          ['cold blocks: every echo', space.blocks],
          ['summaries of minutes', space.minutes],
          ['summaries of hours', space.hours],
        ].map(([name, bytes]) => [`${name}`, kilobytes(Number(bytes)), perEcho(Number(bytes))]),
      ),
      '',
      ...tableOf(
        [
          `One target: 24 h of echoes, ${MINUTE_DAYS} days of minutes, 2 years of hours`,
          'Megabytes',
        ],
        [['Echowall', megabytes(whole)], ...files.map(({ name, bytes }) => [name, sizeOf(bytes)])],
      ),
      '',
      ...tableOfGoals([
        {
          subject: 'Cold storage of an echo',
          measured: [space.blocks / ECHOES_A_DAY],
          limit: 10,
          unit: 'bytes',
        },
        { subject: 'One target, as above', measured: [whole / 1e6], limit: 6, unit: 'MB' },
      ]),
    ]
  } finally {
    await close()
  }
}

async function storeDay(db: Db): Promise<Space> {
  await makeProbes(db, PROBES)
  const now = new Date()
  const day = Math.floor(hotSince(now).getTime() / (HOURS * HOUR_MS)) - 1
  let plain = 0
  for (let i = 0; i < HOURS; i += 1) {
    const hour = new Date((day * HOURS + i) * HOUR_MS)
    await keepHotHours(db, hour)
    await makeHour(db, hour, PROBES)
    plain += await sizeOfSamples(db)
    for (const heap of await listClosedHours(db, now, new Date(0))) await compactHour(db, heap)
  }
  // As autovacuum does: the packs of the day's first hours made room for those of the last.
  for (const table of ['sample_blocks', 'minute_summaries', 'hour_summaries'])
    await db.execute(sql.raw(`vacuum full ${table}`))
  const [cold] = await db.execute<Omit<Space, 'plain'>>(sql`
    select pg_total_relation_size('sample_blocks')::float8 as blocks,
      pg_total_relation_size('minute_summaries')::float8 as minutes,
      pg_total_relation_size('hour_summaries')::float8 as hours`)
  if (!cold) throw new Error('A query without a table answered no row.')
  const each = (bytes: number) => bytes / PROBES
  const { blocks, minutes, hours } = cold
  return { plain: each(plain), blocks: each(blocks), minutes: each(minutes), hours: each(hours) }
}

async function sizeOfSamples(db: Db): Promise<number> {
  const [row] = await db.execute<{ bytes: number }>(sql`
    select sum(pg_relation_size(relid) + pg_indexes_size(relid))::float8 as bytes
    from pg_partition_tree('samples') where isleaf and pg_relation_size(relid) > 0`)
  return row?.bytes ?? 0
}

const kilobytes = (bytes: number) => (bytes / 1e3).toFixed(0)
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
const sizeOf = (bytes: number | null) =>
  bytes === null ? 'not measured: rrdtool is missing' : megabytes(bytes)
