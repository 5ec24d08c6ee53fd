// Makes a database ready for both processes: reachable, migrated, with a first account.
import { ensureFirstAdministrator } from '#lib/accounts/setup.ts'
import type { Config } from '#lib/config.ts'
import { openDatabase } from '#lib/db/client.ts'
import { migrate } from '#lib/db/migrate.ts'
import type { Log } from '#lib/log.ts'
import { LaunchFault, systemCode } from './launch-fault.ts'

/** Throws `LaunchFault` when the database does not answer or refuses the schema. */
export async function prepareDatabase(url: string, config: Config, log: Log): Promise<void> {
  try {
    await migrate(url, log)
  } catch (error) {
    throw new LaunchFault(faultOf(url, rootOf(error)), { cause: error })
  }
  const { db, close } = openDatabase({ url, name: 'echowall-launch', connections: 1 })
  try {
    await ensureFirstAdministrator(db, config)
  } finally {
    await close()
  }
}

const NO_ANSWER = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'CONNECT_TIMEOUT',
]

// The password stands in the URL, so only the host and the database's name are told.
function faultOf(url: string, error: unknown): string {
  const { host, pathname } = new URL(url)
  const place = `The database ${pathname.slice(1)} at ${host}`
  const code = systemCode(error)
  if (code && NO_ANSWER.includes(code)) {
    return `${place} does not answer (${code}): start that PostgreSQL, or correct DATABASE_URL.`
  }
  const reason = error instanceof Error ? error.message : String(error)
  return `${place} cannot be used (${reason}): correct DATABASE_URL, or what its user may do there.`
}

// Drizzle wraps what the driver said.
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause ? rootOf(error.cause) : error
}
