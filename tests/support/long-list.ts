// A wall of many addresses with a full past: what somebody finds who joins it after minutes.
import { openDatabase } from '#lib/db/client.ts'
import { countAnswering, openReader } from './live-reader.ts'
import { makeGroup, type Person } from './person.ts'
import type { Program } from './program.ts'
import { until } from './until.ts'

/** Longer than the window of a strip. */
const PAST_SECONDS = 150

/** `count` addresses of loopback, no two `net`s alike. */
export function manyHosts(net: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `127.${net}.${i >> 8}.${i & 255}`)
}

/** A group for each list; resolves with their ids once all answer and all have a past. */
export async function makeLongLists(
  program: Program,
  person: Person,
  lists: string[][],
): Promise<string[]> {
  const ids: string[] = []
  for (const hosts of lists) ids.push((await makeGroup(person, hosts)).id)
  for (const [i, id] of ids.entries()) {
    const reader = await openReader('websocket', program.url, person)
    await reader.send({ type: 'follow', topic: `group:${id}` })
    const isMeasured = () => countAnswering(reader.frames, 0) === lists[i]?.length
    await until(isMeasured, 60_000, 'an answer of every address')
    reader.close()
  }
  await givePast(await program.databaseUrl())
  return ids
}

// One answer a second for each second before a target's first result.
async function givePast(databaseUrl: string): Promise<void> {
  const { sql, close } = openDatabase({ url: databaseUrl, name: 'past', connections: 2 })
  try {
    await sql`update target_runs set started_at = started_at - ${PAST_SECONDS} * interval '1 s'`
    await sql`
      insert into samples (probe_id, at, rtt_us)
      select first.probe_id, first.at - second * interval '1 s', 5 + random() * 40
      from (select probe_id, min(at) as at from samples group by probe_id) first
      cross join generate_series(1, ${PAST_SECONDS - 1}) second
      on conflict do nothing`
  } finally {
    await close()
  }
}
