// A namespace with the responder in it, for tests and benches: made, used, removed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { ResponderReport } from './responder.ts'

export type ResponderNetwork = {
  /** Begins a command line that runs inside. */
  readonly inside: string[]
  /** Ends the responder and says what it recorded. */
  end(): Promise<ResponderReport>
  close(): void
}

const RESPONDER = new URL('./responder.ts', import.meta.url).pathname

/** Rejects where root, iproute2 or TUN devices are missing; nothing is left behind then. */
export async function openResponderNetwork(): Promise<ResponderNetwork> {
  const name = `ewr${process.pid}`
  const inside = ['ip', 'netns', 'exec', name]
  run('ip', 'netns', 'add', name)
  let child: ChildProcess | undefined
  try {
    run('ip', '-n', name, 'link', 'set', 'lo', 'up')
    run(...inside, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad')
    const [program = '', ...args] = [...inside, process.execPath, '--import', 'tsx', RESPONDER]
    const responder = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child = responder
    const started = await Promise.race([once(responder.stdout, 'data'), once(responder, 'exit')])
    if (!String(started[0]).startsWith('ready')) throw new Error(await text(responder.stderr))
    return {
      inside,
      async end() {
        const report = text(responder.stdout)
        responder.kill('SIGTERM')
        return JSON.parse(await report)
      },
      close,
    }
  } catch (error) {
    close()
    throw error
  }

  function close(): void {
    child?.kill('SIGKILL')
    run('ip', 'netns', 'delete', name)
  }
}

function run(...[program = '', ...args]: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' })
}
