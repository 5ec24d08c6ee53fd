// Where the results of a time are read from, hot or cold: the one source of all figures.
import { type SQL, sql } from 'drizzle-orm'

/**
 * Rows of `at` and `rtt_us`: what a probe measured in [from, to), all of them SQL expressions. In no
 * order. Leans on the primary keys of samples and sample_blocks.
 */
export function samplesBetween(probeId: SQL, from: SQL, to: SQL): SQL {
  return sql`(
    select at, rtt_us from samples
    where probe_id = ${probeId} and at >= ${from} and at < ${to}
    union all
    select s.at, s.rtt_us from sample_blocks b cross join lateral ${BLOCK_SAMPLES} s
    where b.probe_id = ${probeId} and b.hour > ${from} - interval '1 hour' and b.hour < ${to}
      and s.at >= ${from} and s.at < ${to}
  )`
}

/** The results (at, rtt_us) of a row `b` of sample_blocks. */
export const BLOCK_SAMPLES = sql`block_samples(b.hour, b.step_ms, b.drift_ms, b.rest_us, b.rtt_us)`

/**
 * A time after `from` until which a page reaches that holds no more than two blocks; `to` where the
 * rest does not.
 */
export function endOfTwoBlocks(probeId: SQL, from: SQL, to: SQL): SQL {
  return sql`coalesce((
    select b.hour from sample_blocks b
    where b.probe_id = ${probeId} and b.hour > ${from} - interval '1 hour' and b.hour < ${to}
    order by b.hour offset 2 limit 1), ${to})`
}
