// Reads every single result of a target, page by page: a million take the memory of a page.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { endOfTwoBlocks, samplesBetween } from './between.ts'
import type { Time } from './cover.ts'
import type { MeasuredEcho } from './history-contract.ts'
import { lossKindOf } from './loss-kind.ts'
import { byIndex } from './read.ts'
import { type Period, spansOf } from './spans.ts'

const PAGE = 5_000

/** A time in which the target ran with one probe: [fromUs, toUs) in µs since 1970. */
export type Span = Time & { probeId: number; intervalMs: number }

/** When the target ran in the period, the earliest first. */
export async function readSpans(
  tx: Pick<Db, 'execute'>,
  targetId: string,
  period: Period,
): Promise<Span[]> {
  const target = sql`(select id, n from targets where id = ${targetId})`
  return await tx.execute<Span>(sql`
    select probe_id as "probeId", interval_ms as "intervalMs",
      (extract(epoch from starts_at) * 1e6)::float8 as "fromUs",
      (extract(epoch from ends_at) * 1e6)::float8 as "toUs"
    from (${spansOf(target, period)}) span order by starts_at`)
}

/**
 * The results of these spans in their order. No connection is held between two pages, so that a
 * slow reader holds up nobody.
 */
export async function* pageEchoes(db: Db, spans: readonly Span[]): AsyncGenerator<MeasuredEcho[]> {
  for (const { probeId, fromUs, toUs } of spans) {
    let at = fromUs
    while (at < toUs) {
      const rows = await byIndex(db, (tx) => readPage(tx, probeId, at, toUs))
      const echoes = rows.flatMap(toEcho)
      if (echoes.length > 0) yield echoes
      const last = rows.at(-1)
      at = rows.length === PAGE ? (last?.at_us ?? at) + 1 : (last?.ends_us ?? toUs)
    }
  }
}

/** Where nothing was measured a page is one row that tells its end alone. */
type Row = { ends_us: number; at_us: number | null; rtt_us: number | null }

// The blocks of a span are not all unpacked for the first of their results.
function readPage(tx: Pick<Db, 'execute'>, probeId: number, fromUs: number, toUs: number) {
  const [probe, from, to] = [sql`${probeId}::int`, momentOfUs(fromUs), momentOfUs(toUs)]
  return tx.execute<Row>(sql`
    select (extract(epoch from page.ends_at) * 1e6)::float8 as ends_us,
      (extract(epoch from s.at) * 1e6)::float8 as at_us, s.rtt_us
    from (select ${endOfTwoBlocks(probe, from, to)} as ends_at) page
    left join lateral ${samplesBetween(probe, from, sql`page.ends_at`)} s on true
    order by s.at limit ${PAGE}`)
}

// Microseconds since 1970 are whole numbers that a float8 holds.
const momentOfUs = (us: number) =>
  sql`('epoch'::timestamptz + ${us}::float8 * interval '1 microsecond')`

function toEcho({ at_us, rtt_us }: Row): MeasuredEcho[] {
  if (at_us === null || rtt_us === null) return []
  return [
    {
      at: new Date(at_us / 1000).toISOString(),
      rtt_ms: rtt_us < 0 ? null : rtt_us / 1000,
      outcome: lossKindOf(rtt_us) ?? 'reply',
    },
  ]
}
