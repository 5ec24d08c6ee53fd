// A PostgreSQL server of our own on loopback: started, watched, stopped.
import { type ChildProcess, spawn } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { POSTGRES_USER, prepareDataFolder } from './data-folder.ts'
import { LaunchFault } from './launch-fault.ts'
import { findPostgresProgram } from './postgres-program.ts'
import { accountFor, commandAs } from './unprivileged.ts'

export type PostgresOptions = {
  folder: string
  port: number
  password: string
  /** Further settings, such as `fsync=off` for tests. */
  settings?: string[]
  /** How long it may take to start; a minute unless given. */
  startLimitMs?: number
}

export type PostgresServer = {
  /** Without a database's name; append one. */
  readonly url: string
  /** Resolves with the last lines of the log once the server is gone, for whatever reason. */
  readonly exited: Promise<string>
  /** Ends all sessions and stops within 4 s; calling again waits for the same stop. */
  close(): Promise<void>
}

const START_LIMIT_MS = 60_000
const FAST_LIMIT_MS = 3_000
const IMMEDIATE_LIMIT_MS = 1_000
const READY = 'database system is ready to accept connections'

/** Starts the server, making its data folder when there is none; throws `LaunchFault`. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const program = findPostgresProgram()
  const account = accountFor(options.folder)
  await prepareDataFolder({ ...options, program, account })
  const folder = await realpath(options.folder)
  const command = commandAs(account, program.postgres, serverArgs(folder, options), [folder])
  const { file, args, ...identity } = command
  const server = spawn(file, args, {
    ...identity,
    cwd: '/',
    // Its own process group: Ctrl-C in a terminal must not stop it before its clients.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const kill = () => server.kill('SIGQUIT')
  process.once('exit', kill)
  const { ready, exited } = watch(server, options.startLimitMs ?? START_LIMIT_MS)
  void exited.then(() => process.off('exit', kill))
  await ready
  return {
    url: serverUrl(options),
    exited,
    close: () => stop(server, exited),
  }
}

/** Where a server with these options is, without a database's name; append one. */
export function serverUrl({ password, port }: PostgresOptions): string {
  return `postgres://${POSTGRES_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}`
}

function serverArgs(folder: string, { port, settings = [] }: PostgresOptions): string[] {
  const all = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `port=${port}`,
    'timezone=UTC',
    'lc_messages=C',
    ...settings,
  ]
  return ['-D', folder, ...all.flatMap((setting) => ['-c', setting])]
}

function watch(
  server: ChildProcess,
  startLimitMs: number,
): { ready: Promise<void>; exited: Promise<string> } {
  const lastLines: string[] = []
  let isReady = () => {}
  if (server.stderr) {
    createInterface({ input: server.stderr }).on('line', (line) => {
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
      if (line.includes(READY)) isReady()
    })
  }
  const exited = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(error.message))
    server.once('close', () => resolve(lastLines.join('\n')))
  })
  const ready = new Promise<void>((resolve, reject) => {
    isReady = () => {
      clearTimeout(limit)
      resolve()
    }
    const fail = (words: string) =>
      reject(new LaunchFault(`PostgreSQL did not start. Its last words were:\n${words}`))
    void exited.then(fail)
    const limit = setTimeout(() => {
      server.kill('SIGQUIT')
      fail(lastLines.join('\n'))
    }, startLimitMs)
    limit.unref()
  })
  return { ready, exited }
}

async function stop(server: ChildProcess, exited: Promise<string>): Promise<void> {
  server.kill('SIGINT')
  const steps = [
    setTimeout(() => server.kill('SIGQUIT'), FAST_LIMIT_MS),
    setTimeout(() => server.kill('SIGKILL'), FAST_LIMIT_MS + IMMEDIATE_LIMIT_MS),
  ]
  await exited
  for (const step of steps) clearTimeout(step)
}
