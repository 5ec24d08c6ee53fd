// One process of ours, web or worker: started under tsx, heard through IPC, stopped.
import { spawn } from 'node:child_process'
import { z } from 'zod'
import type { LauncherMessage } from '#lib/launcher.ts'
import { ROOT } from './install.mjs'
import type { Part } from './supervise.ts'

export type ChildOptions = {
  /** The program, from the root of the repository. */
  entry: string
  environment: NodeJS.ProcessEnv
  onMessage: (message: LauncherMessage) => void
}

const GRACE_MS = 4_500

const Message: z.ZodType<LauncherMessage> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    port: z.int().optional(),
    prober: z.string().optional(),
    advice: z.string().optional(),
  }),
  z.object({ type: z.literal('fault'), message: z.string() }),
])

/** Starts the process; `close` asks it to end and kills it when it has not done so after 4.5 s. */
export function startChild({ entry, environment, onMessage }: ChildOptions): Part {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Its own process group: Ctrl-C in a terminal reaches only us, and we choose the order.
    detached: process.platform !== 'win32',
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.on('message', (message) => {
    const parsed = Message.safeParse(message)
    if (parsed.success) onMessage(parsed.data)
  })
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  }).finally(() => process.off('exit', kill))

  return {
    exited,
    async close() {
      child.kill('SIGTERM')
      const limit = setTimeout(kill, GRACE_MS)
      await exited
      clearTimeout(limit)
    },
  }
}
