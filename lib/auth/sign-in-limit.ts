// Counts failed sign-ins per account and per address; only failures are limited.
import { createHmac } from 'node:crypto'
import { and, gt, inArray, sql } from 'drizzle-orm'
import ipaddr from 'ipaddr.js'
import type { Db } from '#lib/db/client.ts'
import { signInFailures } from '#lib/db/schema.ts'

/** Failures within the window after which nobody may try; an address may be a whole office's. */
export const MAX_FAILURES = { account: 10, address: 50 } as const
const WINDOW_MINUTES = 15
const MAX_SWEPT_ROWS = 100

export type FailureKey = { key: string; limit: number }

/** The counters of one attempt. Keyed hashes: the table tells neither names nor addresses. */
export function failureKeys(
  secret: string,
  attempt: { employeeNo?: string; address: string },
): FailureKey[] {
  const keyOf = (kind: keyof typeof MAX_FAILURES, value: string) => ({
    key: createHmac('sha256', secret).update(`${kind}:${value}`).digest('base64url'),
    limit: MAX_FAILURES[kind],
  })
  return [
    ...(attempt.employeeNo === undefined ? [] : [keyOf('account', attempt.employeeNo)]),
    ...(attempt.address === '' ? [] : [keyOf('address', subscriberOf(attempt.address))]),
  ]
}

/** How many seconds to wait before another attempt; 0 when it may be made now. */
export async function secondsToWait(db: Db, keys: FailureKey[]): Promise<number> {
  const rows = await db
    .select({
      key: signInFailures.key,
      failures: signInFailures.failures,
      seconds: sql<number>`ceil(extract(epoch from ${signInFailures.expiresAt} - now()))::int`,
    })
    .from(signInFailures)
    .where(
      and(
        inArray(
          signInFailures.key,
          keys.map(({ key }) => key),
        ),
        isCurrent(),
      ),
    )
  const full = rows.filter((row) =>
    keys.some(({ key, limit }) => key === row.key && row.failures >= limit),
  )
  return Math.max(0, ...full.map(({ seconds }) => seconds))
}

/** Counts one failure under every key, and sweeps what has expired. */
export async function countFailure(db: Db, keys: FailureKey[]): Promise<void> {
  const expiresAt = sql`now() + make_interval(mins => ${WINDOW_MINUTES})`
  const { failures, expiresAt: known } = signInFailures
  // One row a statement: no attempt ever holds two locks.
  for (const { key } of keys) {
    await db
      .insert(signInFailures)
      .values({ key, failures: 1, expiresAt })
      .onConflictDoUpdate({
        target: signInFailures.key,
        set: {
          failures: sql`case when ${isCurrent()} then ${failures} + 1 else 1 end`,
          expiresAt: sql`case when ${isCurrent()} then ${known} else excluded.expires_at end`,
        },
      })
  }
  await db.execute(sql`
    delete from sign_in_failures where key in (
      select key from sign_in_failures where expires_at < now()
      limit ${MAX_SWEPT_ROWS} for update skip locked)`)
}

/** Forgets the failures of an account whose owner has just proved to be in. */
export async function forgetFailures(db: Db, { key }: FailureKey): Promise<void> {
  await db.delete(signInFailures).where(sql`${signInFailures.key} = ${key}`)
}

function isCurrent() {
  return gt(signInFailures.expiresAt, sql`now()`)
}

// An IPv6 subscriber holds a /64 at least and could change its address at every attempt.
function subscriberOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString()
}
