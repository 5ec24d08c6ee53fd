// `npm start` as a test sees it: what it prints, how it ends, which processes are left.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { childEnvironment } from '#lib/config.ts'
import { until } from './until.ts'

export type Launched = {
  process: ChildProcess
  output(): string
  /** Resolves with the exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>
  /** Resolves once the block is printed; throws, with what it printed, when that does not come. */
  ready(): Promise<void>
}

/** Starts it with these settings, on a database of its own unless they name one. */
export function launch(settings: Record<string, string>): Launched {
  const child = spawn(process.execPath, ['lib/launch/start.mjs'], {
    env: childEnvironment({ LOG_LEVEL: 'warn', DATABASE_URL: '', BASE_URL: '', ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      printed += data
    })
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return {
    process: child,
    output: () => printed,
    ended,
    async ready() {
      const isOver = () => child.exitCode !== null || child.signalCode !== null
      const isReady = () => printed.includes('Echowall is running.')
      await until(() => isReady() || isOver(), 120_000).catch(() => undefined)
      if (isOver() || !isReady()) throw new Error(`It did not become ready:\n${printed}`)
    },
  }
}

export type Running = { pid: number; command: string }

/** The processes whose command line or environment names `mark` (Linux). */
export async function processesOf(mark: string): Promise<Running[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const command = (await read('cmdline')).replaceAll('\0', ' ')
      const names = command.includes(mark) || (await read('environ')).includes(mark)
      return names && pid !== process.pid ? [{ pid, command }] : []
    }),
  )
  return found.flat()
}
