// Stores one flush of results and says, group by group, what is to be announced.
import { sql } from 'drizzle-orm'
import type { Tx } from '#lib/db/client.ts'
import type { SampleColumns } from './contract.ts'

/** Columns of equal length: `atMs` the sending time on the database's clock, `rttUs` or an outcome code. */
export type Flush = { probeIds: number[]; atMs: number[]; rttUs: number[] }

export type Announcement = { groupId: string; cursor: string; samples: SampleColumns }

type Row = { group_id: string; stored_at: string; n: number[]; at_ms: string[]; v: number[] }

/**
 * One statement: inserts the samples whose probe still exists, notes the flush, and joins the runs,
 * so that each group is told of exactly the rows its readers find. Storing a sample twice changes nothing.
 * The worker holds the probes' shards; there is no person whose right could be asked for.
 */
export async function storeFlush(tx: Tx, flush: Flush): Promise<Announcement[]> {
  const rows = await tx.execute<Row>(sql`
    with incoming as (
      select i.probe_id, i.at_ms, 'epoch'::timestamptz + i.at_ms * interval '1 ms' as at, i.rtt_us
      from unnest(${sql.param(flush.probeIds)}::int[], ${sql.param(flush.atMs)}::bigint[],
        ${sql.param(flush.rttUs)}::int[]) as i(probe_id, at_ms, rtt_us)
      where exists (select from probes p where p.id = i.probe_id)
    ), stored as (
      insert into samples (probe_id, at, rtt_us) select probe_id, at, rtt_us from incoming
      on conflict do nothing
    ), noted as (
      insert into flushes (stored_at, first_at, last_at)
      select clock_timestamp(), min(at), max(at) from incoming having count(*) > 0
      returning stored_at
    )
    select t.group_id, (select stored_at from noted) as stored_at,
      array_agg(t.n) as n, array_agg(i.at_ms) as at_ms, array_agg(i.rtt_us) as v
    from incoming i
    join target_runs r on r.probe_id = i.probe_id
      and r.started_at <= i.at and (r.ended_at is null or r.ended_at > i.at)
    join targets t on t.id = r.target_id
    group by t.group_id`)
  return rows.map(toAnnouncement)
}

function toAnnouncement(row: Row): Announcement {
  const times = row.at_ms.map(Number)
  // Not Math.min(...times): a flush may hold more results than a call takes arguments.
  let at = times[0] ?? 0
  for (const time of times) if (time < at) at = time
  return {
    groupId: row.group_id,
    cursor: new Date(row.stored_at).toISOString(),
    samples: { at, n: row.n, d: times.map((time) => time - at), v: row.v },
  }
}
