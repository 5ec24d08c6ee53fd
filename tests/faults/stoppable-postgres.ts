// A PostgreSQL of a test's own that can be stopped as by a power cut and started again.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PostgresServer, startPostgres } from '#lib/launch/embedded-postgres.ts'
import { freePort } from '#lib/launch/ports.ts'

export type StoppablePostgres = {
  /** The address of an empty database. */
  url: string
  /** Ends every backend at once, without a checkpoint (`pg_ctl stop -m immediate`). */
  stopImmediately(): Promise<void>
  /** Starts it at the same address; resolves once it accepts connections. */
  start(): Promise<void>
  close(): Promise<void>
}

export async function startStoppablePostgres(): Promise<StoppablePostgres> {
  const place = await mkdtemp(join(tmpdir(), 'echowall-fault-'))
  const folder = join(place, 'postgres')
  const options = { folder, port: await freePort('127.0.0.1'), password: 'test' }
  let server: PostgresServer = await startPostgres(options)
  return {
    url: `${server.url}/postgres`,
    async stopImmediately() {
      const [pid = ''] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n', 1)
      process.kill(Number(pid), 'SIGQUIT')
      await server.exited
    },
    async start() {
      server = await startPostgres(options)
    },
    async close() {
      await server.close()
      await rm(place, { recursive: true, force: true })
    },
  }
}
