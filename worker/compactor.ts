// Keeps the store in shape: hours made ahead, closed ones compacted, what is old forgotten.
import { sql } from 'drizzle-orm'
import { Counter } from 'prom-client'
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { registry } from '#lib/metrics.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { keepHotHours } from '#lib/samples/hot-hours.ts'
import { forgetOld, giveBack, type Retention, rawSince } from '#lib/samples/retention.ts'
import { sumDays } from '#lib/samples/sum-days.ts'
import { listUnsummedHours, sumHour } from '#lib/samples/sum-hour.ts'
import { repeat } from './repeat.ts'

const EVERY_MS = 60_000
const DAY_MS = 86_400_000

const compacted = new Counter({
  name: 'echowall_hours_compacted_total',
  help: 'Hours of single probes turned into cold blocks and summaries.',
  registers: [registry],
})

export type CompactorOptions = { db: Db; retention: Retention; log: Log }

export type Compactor = {
  /** Room runs out: works at once, and gives back the place of what it has forgotten. */
  hurry(): void
  close(): Promise<void>
}

/** Works once a minute, in as many workers as there are: every step is safe to repeat. */
export function createCompactor({ db, retention, log }: CompactorOptions): Compactor {
  let isClosing = false
  let isHurried = false
  let daysFrom = new Date(0)
  const repetition = repeat({ everyMs: EVERY_MS, work, log })

  return {
    hurry() {
      isHurried = true
      repetition.begin()
    },
    async close() {
      isClosing = true
      await repetition.close()
    },
  }

  async function work(): Promise<void> {
    const now = await tried('the time could not be read', readNow)
    if (!now) return
    await tried('hours of samples could not be made', () => keepHotHours(db, now))
    await tried('hours that are over could not be summed up', async () => {
      for (const hour of await listUnsummedHours(db, now)) if (!isClosing) await sumHour(db, hour)
    })
    await tried('what is old could not be forgotten', async () => {
      await db.execute(
        sql`delete from flushes where stored_at < ${now.toISOString()}::timestamptz - interval '1 hour'`,
      )
      await forgetOld(db, now, retention)
    })
    await tried('closed hours could not be listed', () => compact(now))
    await tried('days could not be added up', () => addUpDays(now))
    if (!isHurried || isClosing) return
    isHurried = false
    await tried('the place of what is forgotten could not be given back', () => giveBack(db))
  }

  // Late rows change days of which there are samples. Once, days of any age are looked for.
  async function addUpDays(now: Date): Promise<void> {
    for await (const _ of sumDays(db, now, daysFrom)) if (isClosing) return
    daysFrom = new Date(rawSince(now, retention).getTime() - DAY_MS)
  }

  // An hour that fails keeps its rows and does not hold up the others.
  async function compact(now: Date): Promise<void> {
    for (const heap of await listClosedHours(db, now, rawSince(now, retention))) {
      if (isClosing) return
      const compactOne = () => compactHour(db, heap)
      const facts = { hour: heap.hour }
      compacted.inc((await tried('an hour could not be compacted', compactOne, facts)) ?? 0)
    }
  }

  async function tried<T>(
    complaint: string,
    step: () => Promise<T>,
    facts: Record<string, unknown> = {},
  ): Promise<T | undefined> {
    try {
      return await step()
    } catch (error) {
      log.warn({ err: error, ...facts }, `${complaint}; next try in a minute`)
      return undefined
    }
  }

  async function readNow(): Promise<Date | undefined> {
    const [row] = await db.execute<{ now: string }>(sql`select clock_timestamp() as now`)
    return row && new Date(row.now)
  }
}
