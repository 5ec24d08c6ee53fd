// What a target was pinged as in a window: its probes, their parameters, where names led.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { type Period, spansOf } from '#lib/samples/spans.ts'
import { canonicalOf, type Endpoint } from '#lib/targets/endpoint.ts'

/** A time in which the target ran with one set of parameters. */
export type ProofRun = {
  from: string
  to: string
  endpoint: string
  interval_ms: number
  timeout_ms: number
  payload_bytes: number
  ttl: number
  dscp: number
  dont_fragment: boolean
  /** Where the name led in this time, as far as it is known. */
  addresses: string[]
}

type Row = Omit<ProofRun, 'endpoint'> & Endpoint

const MOST_RUNS = 1_000

/** The earliest first, at most a thousand. */
export async function readRuns(
  tx: Pick<Db, 'execute'>,
  targetId: string,
  period: Period,
): Promise<ProofRun[]> {
  const target = sql`(select id, n from targets where id = ${targetId})`
  const rows = await tx.execute<Row>(sql`
    select span.starts_at as "from", span.ends_at as "to", p.kind, p.host, p.port, p.interval_ms,
      p.timeout_ms, p.payload_bytes, p.ttl, p.dscp, p.dont_fragment,
      array(select a.address from probe_addresses a
        where a.probe_id = p.id and a.since < span.ends_at
          and not exists (select from probe_addresses b where b.probe_id = a.probe_id
            and b.since > a.since and b.since <= span.starts_at)
        order by a.since) as addresses
    from (${spansOf(target, period)}) span join probes p on p.id = span.probe_id
    order by span.starts_at limit ${MOST_RUNS}`)
  return rows.map(({ kind, host, port, ...run }) => ({
    ...run,
    from: new Date(run.from).toISOString(),
    to: new Date(run.to).toISOString(),
    endpoint: canonicalOf({ kind, host, port }),
  }))
}
