// Divides the shards anew every second; survives PostgreSQL being away.
import type { Log } from '#lib/log.ts'
import { repeat } from './repeat.ts'
import type { Shards } from './shards.ts'

const EVERY_MS = 1_000

export type Balance = {
  /** Resolves after the first division that succeeded. */
  settled(): Promise<void>
  close(): Promise<void>
}

export function createBalance({ shards, log }: { shards: Shards; log: Log }): Balance {
  let isAway = false
  let settle = () => {}
  const settled = new Promise<void>((resolve) => {
    settle = resolve
  })
  const { close } = repeat({ everyMs: EVERY_MS, work: divide, log })

  return { settled: () => settled, close }

  async function divide(): Promise<void> {
    try {
      await shards.balance()
      if (isAway) log.info('the database is back; the shards are held again')
      isAway = false
      settle()
    } catch (error) {
      if (!isAway) log.warn({ err: error }, 'the shards cannot be divided; the pings go on')
      isAway = true
    }
  }
}
