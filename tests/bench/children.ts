// The processes of a bench: started, asked, their CPU seconds and memory read, ended.
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
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
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // After the name in brackets, which may hold spaces: utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
