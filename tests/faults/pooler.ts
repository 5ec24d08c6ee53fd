// A pooler in front of a test's PostgreSQL: pgbouncer, as Debian has it.
import { spawn, spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#lib/launch/ports.ts'
import { until } from '../support/until.ts'

// Debian keeps it where ordinary users do not look.
const program = ['pgbouncer', '/usr/sbin/pgbouncer'].find(
  (path) => !spawnSync(path, ['--version']).error,
)

/** Why there is no pooler to test with; undefined where there is one. */
export const missingPooler = program
  ? undefined
  : 'There is no pgbouncer: running behind a pooler is not tested.'

export type Pooler = {
  /** The same database by way of the pooler. */
  url: string
  close(): Promise<void>
}

/** Hands a connection of the server to whoever begins a transaction, or a session, as poolers do. */
export async function startPooler(
  databaseUrl: string,
  mode: 'transaction' | 'session',
): Promise<Pooler> {
  if (!program) throw new Error(missingPooler)
  const place = await mkdtemp(join(tmpdir(), 'echowall-pooler-'))
  const file = join(place, 'pgbouncer.ini')
  const port = await freePort('127.0.0.1')
  await writeFile(file, settingsOf(new URL(databaseUrl), port, mode))
  await chmod(place, 0o755)
  // As root it wants to become somebody else.
  const account = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const pooler = spawn(program, [...account, file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const gone = new Promise((resolve) => pooler.once('close', resolve))
  let printed = ''
  pooler.stderr.on('data', (data) => {
    printed += data
  })
  await until(() => printed.includes('process up'), 5_000, 'pgbouncer to start')
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    async close() {
      pooler.kill('SIGTERM')
      await gone
      await rm(place, { recursive: true, force: true })
    },
  }
}

function settingsOf(url: URL, listenPort: number, mode: string): string {
  const { hostname, port, username, password } = url
  const server = `host=${hostname} port=${port} user=${username} password=${password}`
  return `[databases]
* = ${server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
`
}
