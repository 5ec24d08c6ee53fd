// `npm run channels` as a test sees it: what it prints, what it complains of, how it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { childEnvironment } from '#lib/config.ts'
import { until } from '../support/until.ts'

export type ChannelProgram = {
  printed(): string
  complaints(): string
  /** Resolves once it listens to all of its names. */
  listening(): Promise<void>
  /** Resolves with its exit code. */
  ended: Promise<number>
  /** Ends it as Ctrl-C does. */
  end(): void
}

export function runChannels(settings: Record<string, string>, ...words: string[]): ChannelProgram {
  const args = ['--import', 'tsx', 'lib/launch/channels.ts', ...words]
  // Vitest sets BASE_URL to a path.
  const env = childEnvironment({ BASE_URL: '', DATABASE_URL: '', ...settings })
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [printed, complaints] = ['', '']
  child.stdout.on('data', (data) => {
    printed += data
  })
  child.stderr.on('data', (data) => {
    complaints += data
  })
  return {
    printed: () => printed,
    complaints: () => complaints,
    async listening() {
      await until(() => complaints.includes('Listening to '), 15_000)
    },
    ended: once(child, 'close').then(([code]) => code),
    end: () => void child.kill('SIGTERM'),
  }
}
