// A Redis of a test's own, from Debian's redis-server: may be killed, frozen, started again.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { freePort } from '#lib/launch/ports.ts'
import { until } from '../support/until.ts'

export type RedisServer = {
  url: string
  /** Ends it without a word, as a crash does. */
  kill(): Promise<void>
  /** Starts it on the same port. */
  start(): Promise<void>
  /** It keeps its connections and answers nothing until `thaw`. */
  freeze(): void
  thaw(): void
}

/** Why there is no Redis to test with; undefined where there is one. */
export const missingRedis = spawnSync('redis-server', ['--version']).error
  ? 'There is no redis-server: the channel layer on Redis is not tested.'
  : undefined

/** Starts one that keeps nothing on disk. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort('127.0.0.1')
  let server = await run(port)
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGKILL')
      await gone
    },
    async start() {
      server = await run(port)
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
  }
}

async function run(port: number): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()]
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => server.kill('SIGKILL'))
  let printed = ''
  server.stdout.on('data', (data) => {
    printed += data
  })
  await until(() => printed.includes('Ready to accept connections'), 10_000, 'Redis to start')
  return server
}
