// Web and worker: both kept running, both asked to end at once.
import type { FaultMessage, ReadyMessage } from '#lib/launcher.ts'
import type { Log } from '#lib/log.ts'
import { startChild } from './child.ts'
import { keepRunning } from './supervise.ts'

export type ProcessesOptions = {
  environment: NodeJS.ProcessEnv
  log: Log
  onFault: (fault: FaultMessage) => void
}

export type Processes = {
  /** What the worker said when it was ready; undefined until then. */
  workerReady(): ReadyMessage | undefined
  close(): Promise<void>
}

const ENTRIES = { web: 'lib/server/main.ts', worker: 'worker/main.ts' } as const

/** Starts both with the given environment. */
export async function runProcesses({
  environment,
  log,
  onFault,
}: ProcessesOptions): Promise<Processes> {
  let workerReady: ReadyMessage | undefined
  const web = await run('web')
  const worker = await run('worker')
  return {
    workerReady: () => workerReady,
    async close() {
      await Promise.all([web.close(), worker.close()])
    },
  }

  async function run(name: keyof typeof ENTRIES): Promise<{ close(): Promise<void> }> {
    const entry = ENTRIES[name]
    return await keepRunning({
      name,
      log,
      start: () =>
        startChild({
          entry,
          environment,
          onMessage(message) {
            if (message.type === 'fault') onFault(message)
            else if (name === 'worker') workerReady = message
          },
        }),
    })
  }
}
