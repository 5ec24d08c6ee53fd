// Reads summaries of minutes or hours, in whatever form their results are stored by now.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from './between.ts'
import { HOURS, type Level, MINUTES, SUMMARY, unpack } from './packs.ts'
import type { Summary } from './summary.ts'
import { gatherHours, type SUMMARY_COLUMNS, sumUp } from './summing.ts'
import { moment } from './window.ts'

/** The summary of the minute or hour that begins at `at`, in ms since 1970. */
export type SlotSummary = { probeId: number; at: number; summary: Summary }

/** Minutes or hours that begin at `from` or later, and before `to`. */
export type SummaryWindow = {
  probeIds: readonly number[]
  from: Date
  to: Date
  level: 'minute' | 'hour'
}

type Row = {
  [column in (typeof SUMMARY_COLUMNS)[number]]: number | null
} & {
  probe_id: number
  at: number
  interval_ms: number
  buckets: number[]
  counts: number[]
}

const LEVELS: Record<SummaryWindow['level'], Level> = { minute: MINUTES, hour: HOURS }

/**
 * A summary for each slot of the window that holds results, in order of probe and time. Hours
 * without stored minutes are summed up from their results: the present one, and those that got a
 * late row. Callers have checked who may see these probes, and in which of their runs.
 */
export async function readSummaries(
  db: Pick<Db, 'execute'>,
  window: SummaryWindow,
): Promise<SlotSummary[]> {
  const level = LEVELS[window.level]
  const ids = sql`any(${sql.param(window.probeIds)}::int[])`
  const [from, to] = [moment(window.from), moment(window.to)]
  const packs = sql`p.probe_id = ${ids} and p.since > ${from} - ${level.span} and p.since < ${to}`
  const rows = await db.execute<Row>(sql`
    with unsummed as materialized (${unsummedHours(window)}),
    results as (
      select u.probe_id, s.at, s.rtt_us
      from unsummed u cross join lateral ${samplesBetween(
        sql`u.probe_id`,
        sql`u.hour`,
        sql`(u.hour + interval '1 hour')`,
      )} s
    ), hours as materialized ${gatherHours(sql`results`)},
    slots as (
      select ${SUMMARY} from ${sumUp({ hours: sql`hours`, slotMs: level.slotMs })} s
      union all
      select ${SUMMARY} from ${unpack(level, packs)} s where not exists (select from unsummed u
        where u.probe_id = s.probe_id and u.hour = date_bin('1 hour', s.at, 'epoch'))
    )
    select s.*, date_part('epoch', s.at) * 1000 as at, p.interval_ms
    from slots s join probes p on p.id = s.probe_id
    where s.at >= ${from} and s.at < ${to}
    order by s.probe_id, s.at`)
  return rows.map(toSlot)
}

// Since a probe's first result that is kept. Leans on primary keys: two looks a probe, one an hour.
function unsummedHours({ probeIds, from, to }: SummaryWindow): SQL {
  return sql`
    select u.probe_id, h.hour
    from unnest(${sql.param(probeIds)}::int[]) as u(probe_id)
    cross join lateral (select least(
      (select min(b.hour) from sample_blocks b where b.probe_id = u.probe_id),
      (select min(s.at) from samples s where s.probe_id = u.probe_id)) as at) as first
    cross join lateral generate_series(
      date_bin('1 hour', first.at + greatest(interval '0', ${moment(from)} - first.at), 'epoch'),
      ${moment(to)} - interval '1 us', interval '1 hour') as h(hour)
    where not exists (select from minute_summaries m
      where m.probe_id = u.probe_id and m.since = h.hour)`
}

function toSlot(row: Row): SlotSummary {
  const { probe_id: probeId, at } = row
  const received = row.received ?? 0
  const timeAfter = (ms: number | null) => (ms === null ? null : at + ms)
  const summary: Summary = {
    sent: row.sent ?? 0,
    received,
    minUs: row.min_us,
    maxUs: row.max_us,
    sumUs: Number(row.sum_us),
    sumSquares: row.sum_squares ?? 0,
    histogram: new Map(row.buckets.map((bucket, i) => [bucket, row.counts[i] ?? 0])),
    steps: Math.max(0, received - 1),
    stepSumUs: Number(row.step_sum_us),
    intervalMs: row.interval_ms,
    firstAt: timeAfter(row.first_ms),
    lastAt: timeAfter(row.last_ms),
    firstUs: row.first_us,
    lastUs: row.last_us,
    leadingLossUntil: timeAfter(row.leading_loss_until_ms),
    trailingLossFrom: timeAfter(row.trailing_loss_from_ms),
    longestEndedMs: row.longest_ended_ms ?? 0,
  }
  return { probeId, at, summary }
}
