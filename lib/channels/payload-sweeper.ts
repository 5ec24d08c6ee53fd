// Removes stored messages that every listener has read or lost long ago.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'

const KEPT_MINUTES = 5
const PAUSE_MS = (KEPT_MINUTES + 1) * 60_000
const BATCH = 1_000

export type PayloadSweeper = {
  /** Call after each stored message; an idle system is left in peace. */
  sweepLater(): void
  close(): void
}

export function createPayloadSweeper({ db, log }: { db: Db; log: Log }): PayloadSweeper {
  let timer: NodeJS.Timeout | undefined
  let isAnotherDue = false

  return {
    sweepLater() {
      isAnotherDue = timer !== undefined
      timer ??= setTimeout(sweepAndRest, PAUSE_MS).unref()
    },
    close: () => clearTimeout(timer),
  }

  function sweepAndRest(): void {
    timer = isAnotherDue ? setTimeout(sweepAndRest, PAUSE_MS).unref() : undefined
    isAnotherDue = false
    void sweep()
  }

  async function sweep(): Promise<void> {
    try {
      while ((await removeOldPayloads(db)) === BATCH);
    } catch (error) {
      log.warn({ err: error }, 'old stored messages could not be removed')
    }
  }
}

/** Removes up to 1,000 stored messages older than five minutes; returns how many. */
export async function removeOldPayloads(db: Db): Promise<number> {
  // Several processes may sweep at once: each takes rows that no other holds.
  const removed = await db.execute(sql`
    delete from channel_payloads where id in (
      select id from channel_payloads
      where created_at < now() - make_interval(mins => ${KEPT_MINUTES})
      limit ${BATCH} for update skip locked
    )
  `)
  return removed.count
}
