// Reads every single result of a target, page by page: a million take the memory of a page.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from './between.ts'
import type { MeasuredEcho } from './history-contract.ts'
import { lossKindOf } from './loss-kind.ts'
import { byIndex } from './read.ts'
import { type Period, spansOf } from './spans.ts'

const PAGE = 5_000

/** A time in which the target ran with one probe: [startsUs, endsUs) in µs since 1970. */
export type Span = { probeId: number; startsUs: number; endsUs: number; dueEchoes: number }

/** When the target ran in the period, the earliest first. */
export async function readSpans(
  tx: Pick<Db, 'execute'>,
  targetId: string,
  period: Period,
): Promise<Span[]> {
  const target = sql`(select id, n from targets where id = ${targetId})`
  return await tx.execute<Span>(sql`
    select probe_id as "probeId", (extract(epoch from starts_at) * 1e6)::float8 as "startsUs",
      (extract(epoch from ends_at) * 1e6)::float8 as "endsUs",
      (extract(epoch from ends_at - starts_at) * 1000 / interval_ms)::float8 as "dueEchoes"
    from (${spansOf(target, period)}) span order by starts_at`)
}

/**
 * The results of these spans in their order. No connection is held between two pages, so that a
 * slow reader holds up nobody.
 */
export async function* pageEchoes(db: Db, spans: readonly Span[]): AsyncGenerator<MeasuredEcho[]> {
  for (const { probeId, startsUs, endsUs } of spans) {
    let fromUs = startsUs
    for (;;) {
      const rows = await byIndex(db, (tx) => readPage(tx, probeId, fromUs, endsUs))
      if (rows.length > 0) yield rows.map(toEcho)
      const last = rows[PAGE - 1]
      if (!last) break
      fromUs = last.at_us + 1
    }
  }
}

type Row = { at_us: number; rtt_us: number }

function readPage(tx: Pick<Db, 'execute'>, probeId: number, fromUs: number, toUs: number) {
  const rows = samplesBetween(sql`${probeId}::int`, momentOfUs(fromUs), momentOfUs(toUs))
  return tx.execute<Row>(sql`
    select (extract(epoch from at) * 1e6)::float8 as at_us, rtt_us
    from ${rows} s order by at limit ${PAGE}`)
}

// Microseconds since 1970 are whole numbers that a float8 holds.
const momentOfUs = (us: number) =>
  sql`('epoch'::timestamptz + ${us}::float8 * interval '1 microsecond')`

function toEcho({ at_us, rtt_us }: Row): MeasuredEcho {
  return {
    at: new Date(at_us / 1000).toISOString(),
    rtt_ms: rtt_us < 0 ? null : rtt_us / 1000,
    outcome: lossKindOf(rtt_us) ?? 'reply',
  }
}
