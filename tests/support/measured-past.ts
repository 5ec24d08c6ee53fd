// A past for a target that was added just now: as if it had been measured all that time.
import postgres from 'postgres'

/** The target was dark once in it, for so long, so long ago. */
export type Past = { seconds: number; darkAgoSeconds: number; darkSeconds: number }

/** Where its echoes went: it ends early. */
const PATH = [
  { ttl: 1, from: '10.0.0.1' },
  { ttl: 2, from: null },
]

/** An echo a second of 20 to 24 ms until five seconds ago; the outage with a path that ends early. */
export async function measurePast(databaseUrl: string, targetId: string, past: Past) {
  const sql = postgres(databaseUrl, { max: 1 })
  const ago = (seconds: number) => sql`now() - ${seconds} * interval '1 second'`
  const darkFrom = ago(past.darkAgoSeconds)
  const darkTo = ago(past.darkAgoSeconds - past.darkSeconds)
  const path = sql.json(PATH)
  try {
    await sql`update target_runs set started_at = ${ago(past.seconds)} where target_id = ${targetId}`
    await sql`update targets set added_at = ${ago(past.seconds)} where id = ${targetId}`
    await sql`update groups set created_at = ${ago(past.seconds)} where id in (
      select group_id from targets where id = ${targetId})`
    await sql`delete from card_versions where group_id in (
      select group_id from targets where id = ${targetId})`
    await sql`
      insert into samples (probe_id, at, rtt_us)
      select r.probe_id, at, case when at >= ${darkFrom} and at < ${darkTo} then -1
        else 20000 + (random() * 4000)::int end
      from target_runs r,
        generate_series(${ago(past.seconds)}, ${ago(5)}, interval '1 second') at
      where r.target_id = ${targetId} on conflict do nothing`
    await sql`
      insert into outages (probe_id, started_at, ended_at, outcome, path)
      select probe_id, ${darkFrom}, ${darkTo}, -1, ${path}
      from target_runs where target_id = ${targetId}`
  } finally {
    await sql.end()
  }
}

/** The first `targets` of the group were dark for so long, so long ago; all in `away` were not measured. */
export type GroupPast = {
  seconds: number
  dark: { targets: number; agoSeconds: number; seconds: number }[]
  away?: { agoSeconds: number; seconds: number }
}

/**
 * An echo a second of each target until its first stored one, or five seconds ago: slower by evening
 * and by its number, one in a thousand lost, and of every seventh target one in thirty.
 */
export async function measureGroupPast(databaseUrl: string, groupId: string, past: GroupPast) {
  const sql = postgres(databaseUrl, { max: 1 })
  const ago = (seconds: number) => sql`now() - ${seconds} * interval '1 second'`
  const within = ({ agoSeconds, seconds }: { agoSeconds: number; seconds: number }) =>
    sql`at >= ${ago(agoSeconds)} and at < ${ago(agoSeconds - seconds)}`
  const isDark = past.dark.map((one) => sql`or (n <= ${one.targets} and ${within(one)})`)
  try {
    await sql`
      update target_runs set started_at = ${ago(past.seconds)}
      where target_id in (select id from targets where group_id = ${groupId})`
    await sql`
      insert into samples (probe_id, at, rtt_us)
      select probe_id, at + n * 37 % 900 * interval '1 ms',
        case when random() < case when n % 7 = 0 then 0.033 else 0.001 end ${isDark} then -1
          else ((2000 + n * 7919 % 38000) * (1 + 0.25 * power(sin(extract(epoch from at) / 13750), 2)
            - 0.06 * ln(1 - random())))::int end
      from targets
      cross join lateral (
        select coalesce(min(s.at), 'infinity') - interval '1 second' as first_at
        from samples s where s.probe_id = targets.probe_id
      ) own
      cross join generate_series(${ago(past.seconds)}, ${ago(5)}, interval '1 second') at
      where group_id = ${groupId} and not (${past.away ? within(past.away) : sql`false`})
        and at < first_at
      on conflict do nothing`
    for (const { targets, agoSeconds, seconds } of past.dark) {
      await sql`
        insert into outages (probe_id, started_at, ended_at, outcome, path)
        select probe_id, ${ago(agoSeconds)}, ${ago(agoSeconds - seconds)}, -1, ${sql.json(PATH)}
        from targets where group_id = ${groupId} and n <= ${targets}`
    }
  } finally {
    await sql.end()
  }
}
