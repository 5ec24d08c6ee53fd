// The whole program as `npm start` runs it, on free ports and in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childEnvironment } from '#lib/config.ts'
import { freePort } from '#lib/launch/ports.ts'
import { until } from './until.ts'

export const ADMIN = { employee_no: 'admin', password: 'a password for tests' }

export type Program = {
  url: string
  /** Everything it printed. */
  output(): string
  /** Its processes by role, found by their command lines. */
  pid(role: 'web' | 'worker'): Promise<number>
  /** Where PostgreSQL is, as its children know it. */
  databaseUrl(): Promise<string>
  /** Stops it as Ctrl-C does and removes its folder. */
  stop(): Promise<void>
}

const ENTRY = { web: 'lib/server/main.ts', worker: 'worker/main.ts' }
const READY_MS = 90_000

/** Resolves once it answers `/readyz` with 200 and has printed where it is. */
export async function startProgram(environment: Record<string, string> = {}): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-program-'))
  const port = await freePort('127.0.0.1')
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, ['lib/launch/start.mjs'], {
    env: childEnvironment({
      NODE_ENV: 'production',
      // Vitest sets it to a path; an empty one counts as absent.
      BASE_URL: '',
      DATA_DIR: folder,
      PORT: String(port),
      ADMIN_LOGIN: ADMIN.employee_no,
      ADMIN_PASSWORD: ADMIN.password,
      LOG_LEVEL: 'warn',
      ...environment,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.on('data', (data) => {
    printed += data
  })
  child.stderr.on('data', (data) => {
    printed += data
  })
  const program: Program = {
    url,
    output: () => printed,
    pid: (role) => findProcess(ENTRY[role], environmentMark(port)),
    async databaseUrl() {
      const environ = await environmentOf(await program.pid('web'))
      return environ.DATABASE_URL ?? ''
    },
    async stop() {
      await end(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    await until(() => printed.includes(url) || child.exitCode !== null, READY_MS)
    if (child.exitCode !== null) throw new Error(`It ended by itself:\n${printed}`)
    return program
  } catch (error) {
    await program.stop()
    throw new Error(`The program did not become ready:\n${printed}`, { cause: error })
  }
}

const environmentMark = (port: number) => `PORT=${port}`

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

// Linux only, as these tests are: the newest process with this entry and this port in its environment.
async function findProcess(entry: string, mark: string): Promise<number> {
  return await until(async () => {
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const read = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')
      if (!(await read('cmdline')).split('\0').some((word) => word.endsWith(entry))) continue
      if ((await read('environ')).split('\0').includes(mark)) return Number(name)
    }
    return undefined
  }, 15_000)
}

async function environmentOf(pid: number): Promise<Record<string, string>> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8')
  return Object.fromEntries(
    text.split('\0').map((entry) => {
      const at = entry.indexOf('=')
      return [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}
