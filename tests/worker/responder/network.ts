// A namespace with the responder in it, for tests and benches: made, used, removed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { PathReport } from './path-clock.ts'
import type { ResponderReport } from './responder.ts'

export type ResponderNetwork = {
  /** Begins a command line that runs inside. */
  readonly inside: string[]
  /** Has the kernel's own times of what passes taken down from now on. */
  watchPath(): Promise<void>
  /** Ends the responder, and the watching, and says what they recorded. */
  end(): Promise<ResponderReport & PathReport>
  close(): void
}

/** Rejects where root, iproute2 or TUN devices are missing; nothing is left behind then. */
export async function openResponderNetwork(): Promise<ResponderNetwork> {
  const name = `ewr${process.pid}`
  const inside = ['ip', 'netns', 'exec', name]
  const children: ChildProcess[] = []
  run('ip', 'netns', 'add', name)
  try {
    run('ip', '-n', name, 'link', 'set', 'lo', 'up')
    run(...inside, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad')
    const responder = await start('./responder.ts')
    let watcher: Awaited<ReturnType<typeof start>> | undefined
    return {
      inside,
      async watchPath() {
        watcher = await start('./path-clock.ts')
      },
      async end() {
        const passages: PathReport = watcher ? await reportOf(watcher) : { passages: [] }
        return { ...(await reportOf<ResponderReport>(responder)), ...passages }
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }

  async function start(script: string): Promise<ChildProcess & { stdout: Readable }> {
    const path = new URL(script, import.meta.url).pathname
    const [program = '', ...args] = [...inside, process.execPath, '--import', 'tsx', path]
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    const started = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    if (!String(started[0]).startsWith('ready')) throw new Error(await text(child.stderr))
    return child
  }

  function close(): void {
    for (const child of children) child.kill('SIGKILL')
    run('ip', 'netns', 'delete', name)
  }
}

async function reportOf<Report>(child: ChildProcess & { stdout: Readable }): Promise<Report> {
  const report = text(child.stdout)
  child.kill('SIGTERM')
  return JSON.parse(await report)
}

function run(...[program = '', ...args]: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' })
}
