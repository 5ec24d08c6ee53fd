// Reads summaries of minutes or hours, in whatever form their results are stored by now.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { BLOCK_SAMPLES } from './between.ts'
import { HOURS, type Level, MINUTES, SUMMARY, unpack } from './packs.ts'
import type { Summary } from './summary.ts'
import { gatherHours, type SUMMARY_COLUMNS, sumUp } from './summing.ts'

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
 * A summary for each slot of the window that holds results, in order of probe and time. Hours with
 * hot rows are summed up from all their results, so that a late one counts at once. Callers have
 * checked who may see these probes, and in which of their runs.
 */
export async function readSummaries(
  db: Pick<Db, 'execute'>,
  window: SummaryWindow,
): Promise<SlotSummary[]> {
  const level = LEVELS[window.level]
  const ids = sql`any(${sql.param(window.probeIds)}::int[])`
  const [from, to] = [window.from, window.to].map((time) => sql`${time.toISOString()}::timestamptz`)
  const rows = await db.execute<Row>(sql`
    with hot as materialized (
      select probe_id, at, rtt_us from samples
      where probe_id = ${ids} and at >= date_bin('1 hour', ${from}, 'epoch')
        and at < date_bin('1 hour', ${to}, 'epoch') + interval '1 hour'
    ), hours as materialized ${gatherHours(sql`(select * from hot union all ${COLD_OF_HOT})`)},
    slots as (
      select ${SUMMARY} from ${sumUp({ hours: sql`hours`, slotMs: level.slotMs })} s
      union all
      select ${SUMMARY} from ${unpack(
        level,
        sql`p.probe_id = ${ids} and p.since > ${from} - ${level.span} and p.since < ${to}`,
      )} s
      where not exists (select from hours h
        where h.probe_id = s.probe_id and h.since = date_bin('1 hour', s.at, 'epoch'))
    )
    select s.*, date_part('epoch', s.at) * 1000 as at, p.interval_ms
    from slots s join probes p on p.id = s.probe_id
    where s.at >= ${from} and s.at < ${to}
    order by s.probe_id, s.at`)
  return rows.map(toSlot)
}

// What was compacted already of hours that have got late rows.
const COLD_OF_HOT: SQL = sql`
  select b.probe_id, s.at, s.rtt_us
  from (select distinct probe_id, date_bin('1 hour', at, 'epoch') as hour from hot) h
  join sample_blocks b using (probe_id, hour)
  cross join lateral ${BLOCK_SAMPLES} s`

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
