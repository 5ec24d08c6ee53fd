// The processes of a bench: started, asked, their CPU seconds read, ended.
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type Child = {
  pid: number
  /** Sends an order and resolves with the next message that comes back. */
  ask<T>(order?: object): Promise<T>
  tell(order: object): void
  end(): void
}

/** A TypeScript file of this folder as a process. */
export function startChild(file: string, args: string[] = []): Child {
  const path = new URL(file, import.meta.url).pathname
  const child: ChildProcess = fork(path, args, { execArgv: ['--import', 'tsx'] })
  return {
    pid: child.pid ?? 0,
    ask<T>(order?: object) {
      return new Promise<T>((resolve, reject) => {
        child.once('message', (message) => resolve(message as T))
        child.once('exit', (code) => reject(new Error(`${file} ended with ${code}.`)))
        if (order) child.send(order)
      })
    },
    tell: (order) => void child.send(order),
    end: () => void child.disconnect(),
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

/** Resident memory of a process in KiB. */
export function residentKiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1])
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
