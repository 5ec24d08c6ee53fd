// The own PostgreSQL's data folder: made once, checked and freed at each start.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LaunchFault, systemCode } from './launch-fault.ts'
import type { PostgresProgram } from './postgres-program.ts'
import { type Account, commandAs } from './unprivileged.ts'

export const POSTGRES_USER = 'echowall'

type Folder = { folder: string; program: PostgresProgram; account: Account | undefined }

/** Makes the data folder when there is none; throws `LaunchFault` when it cannot be used. */
export async function prepareDataFolder(options: Folder & { password: string }): Promise<void> {
  const { folder, program } = options
  const version = await readVersion(folder)
  if (version === undefined) return await makeDataFolder(options)
  if (version !== program.major) {
    throw new LaunchFault(
      `The data in ${folder} are of PostgreSQL ${version}, but this is PostgreSQL ${program.major}: move that folder away to begin anew, or point DATABASE_URL at a PostgreSQL ${version} that serves it.`,
    )
  }
  await stopLeftOver(await realpath(folder))
}

async function readVersion(folder: string): Promise<string | undefined> {
  try {
    const files = await readdir(folder)
    if (files.length === 0) return undefined
    if (files.includes('PG_VERSION')) {
      return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new LaunchFault(
      `The data folder ${folder} cannot be read (${systemCode(error)}): start as the user who made it, or choose another with DATA_DIR.`,
      { cause: error },
    )
  }
  throw new LaunchFault(
    `The folder ${folder} holds something that is no PostgreSQL data: move it away, or choose another folder with DATA_DIR.`,
  )
}

// initdb works beside the final place, so that a half-made folder is never taken for a whole one.
async function makeDataFolder(options: Folder & { password: string }): Promise<void> {
  const { folder, program, account, password } = options
  const draft = `${folder}.new`
  const passwordFile = join(dirname(folder), `.password-${randomBytes(8).toString('hex')}`)
  try {
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true, mode: 0o700 })
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (account) {
      for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid)
    }
    await runInitdb(draft, passwordFile, program, account)
    await rm(folder, { recursive: true, force: true })
    await rename(draft, folder)
  } catch (error) {
    if (error instanceof LaunchFault) throw error
    throw new LaunchFault(
      `The data folder ${folder} cannot be made (${systemCode(error)}): let this user write there, or choose another with DATA_DIR.`,
      { cause: error },
    )
  } finally {
    await rm(passwordFile, { force: true })
  }
}

async function runInitdb(
  draft: string,
  passwordFile: string,
  program: PostgresProgram,
  account: Account | undefined,
): Promise<void> {
  const { file, args, ...identity } = commandAs(
    account,
    program.initdb,
    [
      ...['-D', draft, '-U', POSTGRES_USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...[
        '--encoding=UTF8',
        '--no-locale',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
    ],
    [dirname(draft)],
  )
  // In a folder that the account may enter: initdb returns to where it began.
  const child = spawn(file, args, { ...identity, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] })
  const complaint = await failureOf(child)
  if (complaint !== undefined) {
    throw new LaunchFault(
      `PostgreSQL could not make its data folder ${draft}: ${complaint.trim() || 'no reason given'}`,
    )
  }
}

/** What a child wrote to its standard error when it failed; undefined when it succeeded. */
async function failureOf(child: ChildProcess): Promise<string | undefined> {
  let complaint = ''
  child.stderr?.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-2_000)
  })
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? undefined : complaint))
  })
}

// After a kill -9 of the launcher its server may live on, or only its pid file be left.
async function stopLeftOver(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid')
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10)
  if (!Number.isInteger(pid) || pid <= 1) return
  for (let waited = 0; await servesFolder(pid, folder); waited += 50) {
    if (waited >= 15_000) {
      throw new LaunchFault(
        `A PostgreSQL from an earlier start still uses ${folder} and does not stop: end process ${pid}, then start again.`,
      )
    }
    // Fast shutdown first, immediate after 5 s; nothing committed is lost by either.
    if (waited === 0) process.kill(pid, 'SIGINT')
    if (waited === 5_000) process.kill(pid, 'SIGQUIT')
    await pause(50)
  }
  await rm(pidFile, { force: true })
}

// A pid is reused after a restart of the machine: only a process that works in the folder counts.
async function servesFolder(pid: number, folder: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    return (await readlink(`/proc/${pid}/cwd`)) === folder
  } catch {
    return false
  }
}
