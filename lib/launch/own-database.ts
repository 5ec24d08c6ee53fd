// The database that needs no installing: a PostgreSQL of our own, kept running.
import { join } from 'node:path'
import { openDatabase } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { serverUrl, startPostgres } from './embedded-postgres.ts'
import { freePort } from './ports.ts'
import { keep, makeSecret } from './secrets.ts'
import { keepRunning } from './supervise.ts'

const NAME = 'echowall'

export type OwnDatabase = { readonly url: string; close(): Promise<void> }

/** Starts it; throws `LaunchFault` when the folder is not ours or of another version. */
export async function runOwnDatabase(dataFolder: string, log: Log): Promise<OwnDatabase> {
  const password = await keep(dataFolder, 'postgres-password', makeSecret)
  // One port for as long as we run: the other processes come back to it after a restart.
  const port = await freePort('127.0.0.1')
  const options = { folder: join(dataFolder, 'postgres'), port, password }
  const server = await keepRunning({ name: 'postgres', log, start: () => startPostgres(options) })
  const url = serverUrl(options)
  await requireDatabase(`${url}/postgres`)
  return { url: `${url}/${NAME}`, close: server.close }
}

async function requireDatabase(url: string): Promise<void> {
  const { sql, close } = openDatabase({ url, name: 'echowall-launch', connections: 1 })
  try {
    const found = await sql`select 1 from pg_database where datname = ${NAME}`
    if (found.length === 0) await sql`create database ${sql(NAME)}`
  } finally {
    await close()
  }
}
