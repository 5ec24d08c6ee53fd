// The whole program as `npm start` runs it, on a free port and in a folder of its own.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#lib/launch/ports.ts'
import { launch, processesOf } from './launched.ts'
import { until } from './until.ts'

export const ADMIN = { employee_no: 'admin', password: 'a password for tests' }

export type Program = {
  url: string
  /** Everything it printed. */
  output(): string
  /** Its process of this role, waited for while it is started again. */
  pid(role: 'web' | 'worker'): Promise<number>
  /** Where PostgreSQL is, as its children know it. */
  databaseUrl(): Promise<string>
  /** Stops it as Ctrl-C does and removes its folder. */
  stop(): Promise<void>
}

const ENTRY = { web: 'lib/server/main.ts', worker: 'worker/main.ts' }

/** Resolves once it has printed where it is; it then answers. Its folder may be given (DATA_DIR). */
export async function startProgram(settings: Record<string, string> = {}): Promise<Program> {
  const folder = settings.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'echowall-program-')))
  const port = await freePort('127.0.0.1')
  const launched = launch({
    DATA_DIR: folder,
    PORT: String(port),
    ADMIN_LOGIN: ADMIN.employee_no,
    ADMIN_PASSWORD: ADMIN.password,
    ...settings,
  })
  try {
    await launched.ready()
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `http://127.0.0.1:${port}`, output: launched.output, pid, databaseUrl, stop }

  async function pid(role: keyof typeof ENTRY): Promise<number> {
    return await until(async () => {
      const found = await processesOf(folder)
      return found.find(({ command }) => command.includes(ENTRY[role]))?.pid
    }, 15_000)
  }

  async function databaseUrl(): Promise<string> {
    const environ = await readFile(`/proc/${await pid('web')}/environ`, 'utf8')
    return /(?:^|\0)DATABASE_URL=([^\0]*)/.exec(environ)?.[1] ?? ''
  }

  async function stop(): Promise<void> {
    launched.process.kill('SIGTERM')
    await launched.ended
    await rm(folder, { recursive: true, force: true })
  }
}
