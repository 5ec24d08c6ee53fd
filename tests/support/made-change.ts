// A past for four addresses, in whose middle two of them became worse.
import postgres from 'postgres'
import type { CreatedGroup } from '#lib/groups/contract.ts'

/**
 * An echo a second of about 20 ms: the second one takes 4 ms longer in its later half, the third
 * loses each third one, and the fourth has no past at all. Says when.
 */
export async function makeChange(
  databaseUrl: string,
  { added }: Pick<CreatedGroup, 'added'>,
  seconds: number,
): Promise<Date> {
  const sql = postgres(databaseUrl, { max: 1 })
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 - (seconds / 2) * 1000)
  const ago = (from: number) => sql`${at}::timestamptz - ${from} * interval '1 second'`
  try {
    for (const [i, { id }] of added.slice(0, 3).entries()) {
      await sql`update target_runs set started_at = ${ago(seconds / 2)} where target_id = ${id}`
      await sql`
        insert into samples (probe_id, at, rtt_us)
        select r.probe_id, at, case when ${i} = 2 and at >= ${at} and extract(epoch from at)::int8 % 3 = 0 then -1
          else 20000 + (random() * 800)::int
            + case when ${i} = 1 and at >= ${at} then 4000 else 0 end end
        from target_runs r, generate_series(${ago(seconds / 2)}, ${ago(10 - seconds / 2)},
          interval '1 second') at
        where r.target_id = ${id} on conflict do nothing`
    }
    return at
  } finally {
    await sql.end()
  }
}
