// Proves at the start that a NOTIFY comes back: behind a transaction pooler it does not.
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { poolerBetween } from '#lib/db/own-session.ts'
import { withinMs } from './within.ts'

const SENT_LIMIT_MS = 5_000
const HEARD_LIMIT_MS = 1_000

export type LoopBack = {
  /** Rejects with a `SetUpFault` when the notification does not come back. */
  prove(): Promise<void>
  /** True when the payload is the one that is waited for. */
  hear(payload: string): boolean
}

/** Notifies by the pool: on the LISTEN connection itself even a pooler would let it come back. */
export function createLoopBack({ db, name }: { db: Db; name: string }): LoopBack {
  const payload = `loop-back ${randomUUID()}`
  let tellHeard: () => void
  const heard = new Promise<void>((resolve) => {
    tellHeard = resolve
  })

  return {
    async prove() {
      await withinMs(SENT_LIMIT_MS, db.execute(sql`select pg_notify(${name}, ${payload})`))
      try {
        await withinMs(HEARD_LIMIT_MS, heard)
      } catch (cause) {
        throw poolerBetween('PostgreSQL accepts NOTIFY but nothing is heard', cause)
      }
    },
    hear(candidate) {
      if (candidate !== payload) return false
      tellHeard()
      return true
    },
  }
}
