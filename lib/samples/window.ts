// A window of time as it was asked for, or the last while until now.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { MAX_RANGE_SECONDS, type Window } from './contract.ts'

/** [from, to) */
export type Bounds = { from: Date; to: Date }

/** By the database's clock; `usualMs` is the length where none is asked for. Throws `invalid`. */
export async function boundsOf(db: Db, window: Window, usualMs: number): Promise<Bounds> {
  return boundsAt(window.to ?? (await readNow(db)), window, usualMs)
}

/** The same where it is known what time it is. */
export function boundsAt(now: Date, window: Window, usualMs: number): Bounds {
  const to = window.to ?? now
  const from = window.from ?? new Date(to.getTime() - usualMs)
  if (from < to) return { from, to }
  throw new AppError('invalid', 'A window must begin before it ends.', {
    issues: [{ path: 'to', message: 'a time after `from`, which now is where no `to` is given' }],
  })
}

/** The same of a window no longer than any chart. Throws `invalid` also where its ends lie too far apart. */
export function chartedBoundsAt(now: Date, window: Window, usualMs: number): Bounds {
  const bounds = boundsAt(now, window, usualMs)
  if (bounds.to.getTime() - bounds.from.getTime() <= MAX_RANGE_SECONDS * 1000) return bounds
  const message = 'a time at most 3 years before `to`'
  throw new AppError('invalid', `from: ${message}`, { issues: [{ path: 'from', message }] })
}

/** As SQL. Not as ISO text: PostgreSQL reads no year of five digits. */
export const moment = (at: Date) => sql`('epoch'::timestamptz + ${at.getTime()} * interval '1 ms')`

/** What the database's clock says. */
export async function readNow(db: Db): Promise<Date> {
  const [row] = await db.execute<{ now: string }>(sql`select clock_timestamp() as now`)
  if (!row) throw new Error('A query without a table answered no row.')
  return new Date(row.now)
}
