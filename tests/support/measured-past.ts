// A past for a target that was added just now: as if it had been measured all that time.
import postgres from 'postgres'

/** The target was dark once in it, for so long, so long ago. */
export type Past = { seconds: number; darkAgoSeconds: number; darkSeconds: number }

/** An echo a second of 20 to 24 ms until five seconds ago; the outage with a path that ends early. */
export async function measurePast(databaseUrl: string, targetId: string, past: Past) {
  const sql = postgres(databaseUrl, { max: 1 })
  const ago = (seconds: number) => sql`now() - ${seconds} * interval '1 second'`
  const darkFrom = ago(past.darkAgoSeconds)
  const darkTo = ago(past.darkAgoSeconds - past.darkSeconds)
  const path = sql.json([
    { ttl: 1, from: '10.0.0.1' },
    { ttl: 2, from: null },
  ])
  try {
    await sql`update target_runs set started_at = ${ago(past.seconds)} where target_id = ${targetId}`
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
