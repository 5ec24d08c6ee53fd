// Results of probes as a quiet network gives them, made up in the database in bulk.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'

/** Probes of one echo a second, numbered from 1. */
export async function makeProbes(db: Db, count: number): Promise<void> {
  await db.execute(sql`
    insert into probes (kind, host, interval_ms, timeout_ms, payload_bytes, ttl, dscp,
      dont_fragment, family)
    select 'icmp', 'host-' || i, 1000, 1000, 56, 64, 0, false, 0
    from generate_series(1, ${count}::int) i`)
}

/**
 * An hour of results of each: half a millisecond to fifty and a tail of some per cent, one echo in
 * two hundred lost, sent at most three milliseconds late.
 */
export async function makeHour(db: Db, hour: Date, count: number): Promise<void> {
  await db.execute(sql`
    insert into samples (probe_id, at, rtt_us)
    select p, ${hour.toISOString()}::timestamptz
        + (s * 1000 + p * 37 % 997 + floor(power(random(), 6) * 3)) * interval '1 ms',
      case when random() < 0.005 then -1
        else ((500 + p * 7919 % 50000) * (1 - 0.05 * ln(1 - random())))::int end
    from generate_series(0, 3599) s, generate_series(1, ${count}::int) p
    on conflict do nothing`)
}
