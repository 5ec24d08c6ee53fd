// Where things are, in words and URLs: the wall, its set-up page, the data.
import { makeSetupToken } from '#lib/accounts/setup.ts'
import type { Config } from '#lib/config.ts'
import { openDatabase } from '#lib/db/client.ts'

/** The one-time link that makes the first administrator; undefined once there is one. */
export async function makeSetupUrl(
  databaseUrl: string,
  { BASE_URL }: Config,
): Promise<string | undefined> {
  const { db, close } = openDatabase({ url: databaseUrl, name: 'echowall-launch', connections: 1 })
  try {
    const token = await makeSetupToken(db)
    return token && `${BASE_URL}/setup?token=${token}`
  } finally {
    await close()
  }
}

/** The web process as this machine reaches it, whatever people type. */
export function localUrl({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): string {
  const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
  const host = everywhere[HOST] ?? HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`
}

/** A database elsewhere, without user and password. */
export function placeOf(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl)
  return `PostgreSQL at ${host}${pathname}`
}
