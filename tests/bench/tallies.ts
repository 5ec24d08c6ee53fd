// What a worker says that it sent, beside what stands stored: nothing lost, nothing missing.
import type postgres from 'postgres'

export type Tally = {
  /** By the worker's own counters, its canary's echoes left out. */
  sent: number
  /** More than 10 ms after they were due; not at all, which is "not measured". */
  overdue: number
  unsent: number
  stored: number
  lost: number
  /** Seconds without a result of an address, from its first one to the end of its run. */
  missing: number
}

/** Of everything since the installation began; the worker has ended, and every interval is 1 s. */
export async function tallyOf(sql: postgres.Sql): Promise<Tally> {
  const [told] = await sql<Pick<Tally, 'sent' | 'overdue' | 'unsent'>[]>`
    select coalesce(sum(echoes - sent), 0)::int as sent, coalesce(sum(overdue), 0)::int as overdue,
      coalesce(sum(unsent), 0)::int as unsent
    from canary_readings`
  // The end of a run stands as if half a second after it something had come: whoever fell silent
  // before is missed.
  const [found] = await sql<Pick<Tally, 'stored' | 'lost' | 'missing'>[]>`
    select count(rtt_us)::int as stored, (count(*) filter (where rtt_us < 0))::int as lost,
      coalesce(sum(greatest(round(extract(epoch from at - former)) - 1, 0)), 0)::int as missing
    from (
      select at, rtt_us, lag(at) over (partition by probe_id order by at) as former
      from (
        select probe_id, at, rtt_us from samples
        union all select probe_id, ended_at + interval '0.45 s', null from target_runs
      ) told
    ) s`
  if (!told || !found) throw new Error('A sum of nothing is a row too.')
  return { ...told, ...found }
}
