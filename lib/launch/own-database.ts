// The database that needs no installing: a PostgreSQL of our own, kept running.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '#lib/db/client.ts'
import type { Log } from '#lib/log.ts'
import { serverUrl, startPostgres } from './embedded-postgres.ts'
import { freePort } from './ports.ts'
import { keep, makeSecret } from './secrets.ts'
import { keepRunning } from './supervise.ts'

const NAME = 'echowall'
const FOLDER = 'postgres'
const PASSWORD = 'postgres-password'
/** PostgreSQL writes its port on the fourth line (pidfile.h: LOCK_FILE_LINE_PORT). */
const PORT_LINE = 3

export type OwnDatabase = { readonly url: string; readonly folder: string; close(): Promise<void> }

/** Starts it; throws `LaunchFault` when the folder is not ours or of another version. */
export async function runOwnDatabase(dataFolder: string, log: Log): Promise<OwnDatabase> {
  const password = await keep(dataFolder, PASSWORD, makeSecret)
  // One port for as long as we run: the other processes come back to it after a restart.
  const port = await freePort('127.0.0.1')
  const options = { folder: join(dataFolder, FOLDER), port, password }
  const server = await keepRunning({ name: 'postgres', log, start: () => startPostgres(options) })
  const url = serverUrl(options)
  await requireDatabase(`${url}/postgres`)
  return { url: `${url}/${NAME}`, folder: options.folder, close: server.close }
}

/** The URL of the one that runs with this data folder; undefined when none does or it is not ours to read. */
export async function findOwnDatabase(dataFolder: string): Promise<string | undefined> {
  try {
    const password = (await readFile(join(dataFolder, PASSWORD), 'utf8')).trim()
    const folder = join(dataFolder, FOLDER)
    const lines = await readFile(join(folder, 'postmaster.pid'), 'utf8')
    const port = Number(lines.split('\n')[PORT_LINE])
    return port > 0 ? `${serverUrl({ folder, port, password })}/${NAME}` : undefined
  } catch {
    return undefined
  }
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
