// Gives every running target a past: as if it had been measured for minutes already.
import { openDatabase } from '#lib/db/client.ts'

/** One answer a second for each of the `seconds` before now, a few ms apart from target to target. */
export async function giveHistory(databaseUrl: string, seconds: number): Promise<void> {
  const { sql, close } = openDatabase({ url: databaseUrl, name: 'history', connections: 2 })
  try {
    await sql`update target_runs set started_at = least(started_at, now() - ${seconds} * interval '1 s')`
    await sql`
      insert into samples (probe_id, at, rtt_us)
      select r.probe_id, date_trunc('milliseconds', f.first_at) - s * interval '1 s', 5 + random() * 40
      from target_runs r
      cross join lateral (select min(at) as first_at from samples where probe_id = r.probe_id) f
      cross join generate_series(1, ${seconds - 1}) s
      where f.first_at is not null
      on conflict do nothing`
  } finally {
    await close()
  }
}
