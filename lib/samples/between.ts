// Where the results of a time are read from: the one source of all figures and exports.
import { type SQL, sql } from 'drizzle-orm'

/** Rows of `at` and `rtt_us`: what a probe measured in [from, to), all of them SQL expressions. */
export function samplesBetween(probeId: SQL, from: SQL, to: SQL): SQL {
  return sql`(select at, rtt_us from samples
    where probe_id = ${probeId} and at >= ${from} and at < ${to})`
}
