// The processes of a bench: started, asked, their CPU seconds and memory read, ended.
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { childEnvironment } from '#lib/config.ts'

export type Child = {
  pid: number
  /** Sends an order and resolves with the next message that comes back. */
  ask<T>(order?: object): Promise<T>
  tell(order: object): void
  /** Resolves when it is gone. */
  end(): Promise<void>
}

/** A TypeScript file of this folder as a process, with these settings in its environment. */
export function startChild(
  file: string,
  args: string[] = [],
  settings: Record<string, string> = {},
): Child {
  const path = new URL(file, import.meta.url).pathname
  const child: ChildProcess = fork(path, args, {
    execArgv: ['--import', 'tsx'],
    env: childEnvironment(settings),
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid: child.pid ?? 0,
    ask<T>(order?: object) {
      return new Promise<T>((resolve, reject) => {
        const fail = (code: number | null) => {
          child.off('message', answer)
          reject(new Error(`${file} ended with ${code}.`))
        }
        const answer = (message: unknown) => {
          child.off('exit', fail)
          // Both ends are ours, started from the same sources.
          resolve(message as T)
        }
        child.once('message', answer)
        child.once('exit', fail)
        if (order) child.send(order)
      })
    },
    tell: (order) => void child.send(order),
    async end() {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** CPU seconds of a process so far, user and system, all its threads. */
export function cpuSeconds(pid: number): number {
  return timesOf(pid).own
}

/** The same of a process and all its children, those that have ended included. */
export function familyCpuSeconds(pid: number): number {
  const children = processes().filter((child) => child.parent === pid)
  return children.reduce((sum, { own }) => sum + own, timesOf(pid).own + timesOf(pid).ended)
}

/** What a process holds of memory now. */
export function residentBytes(pid: number): number {
  const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1_024
}

function processes(): { parent: number; own: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) ? [timesOf(Number(name))] : []
    } catch {
      // It ended meanwhile.
      return []
    }
  })
}

/** CPU seconds of a process, and of its children that have ended and been waited for. */
function timesOf(pid: number): { parent: number; own: number; ended: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // After the name in brackets, which may hold spaces: the fields from the third, its state, on.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const seconds = (...at: number[]) =>
    at.reduce((sum, i) => sum + (fields[i - 3] ?? 0), 0) / TICKS_PER_SECOND
  return { parent: fields[4 - 3] ?? 0, own: seconds(14, 15), ended: seconds(16, 17) }
}
