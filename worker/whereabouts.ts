// Writes down where the names of probes lead: a row for each change of address.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { repeat } from './repeat.ts'

const EVERY_MS = 1_000

export type Whereabouts = {
  note(probeId: number, address: string): void
  close(): Promise<void>
}

/** What cannot be written waits, one address a probe, until PostgreSQL is back. */
export function createWhereabouts({ db, log }: { db: Db; log: Log }): Whereabouts {
  const noted = new Map<number, string>()
  const { close } = repeat({ everyMs: EVERY_MS, work, log })

  return { note: (probeId, address) => void noted.set(probeId, address), close }

  async function work(): Promise<void> {
    if (noted.size === 0) return
    const moves = [...noted]
    try {
      await store(moves)
      for (const [probeId, address] of moves) {
        if (noted.get(probeId) === address) noted.delete(probeId)
      }
    } catch (error) {
      log.warn({ err: error }, 'addresses of names could not be written; next try in a second')
    }
  }

  // Another worker may have found the same address before: only what differs from the last is news.
  async function store(moves: [number, string][]): Promise<void> {
    await db.execute(sql`
      insert into probe_addresses (probe_id, since, address)
      select m.probe_id, clock_timestamp(), m.address
      from unnest(${sql.param(moves.map(([id]) => id))}::int[],
        ${sql.param(moves.map(([, address]) => address))}::text[]) as m(probe_id, address)
      where exists (select from probes p where p.id = m.probe_id)
        and m.address is distinct from (select a.address from probe_addresses a
          where a.probe_id = m.probe_id order by a.since desc limit 1)
      on conflict do nothing`)
  }
}
