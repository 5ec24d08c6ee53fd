// A few probes' past as the product stores it: hot, cold, summed up.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { HOUR_MS, keepHotHours } from '#lib/samples/hot-hours.ts'
import { listUnsummedHours, sumHour } from '#lib/samples/sum-hour.ts'
import { makeHour } from './made-up-history.ts'

/** Results of the first `count` probes from a whole hour until now, by the product's own ways. */
export async function makeModels(
  db: Db,
  { count, from, until }: { count: number; from: Date; until: Date },
): Promise<void> {
  for (let atMs = from.getTime(); atMs < until.getTime(); atMs += HOUR_MS) {
    const hour = new Date(atMs)
    await keepHotHours(db, hour)
    await makeHour(db, hour, count)
    for (const heap of await listClosedHours(db, until, from)) await compactHour(db, heap)
  }
  await db.execute(sql`delete from samples where at >= ${until.toISOString()}`)
  for (const hour of await listUnsummedHours(db, until)) await sumHour(db, hour)
  await keepHotHours(db, until)
}
