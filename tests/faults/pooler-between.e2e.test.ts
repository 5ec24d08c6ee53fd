import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { childEnvironment } from '#lib/config.ts'
import { migrate } from '#lib/db/migrate.ts'
import { freePort } from '#lib/launch/ports.ts'
import { createLog } from '#lib/log.ts'
import { launch } from '../support/launched.ts'
import { fault } from './fault.ts'
import { missingPooler, startPooler } from './pooler.ts'
import { startStoppablePostgres } from './stoppable-postgres.ts'

const SENTENCE = /a transaction pooler stands in between\. Let DATABASE_URL name the server itself/
const NAMED_WITHIN_MS = 2_000

fault({
  fault: 'A transaction pooler (pgbouncer) stands between the program and PostgreSQL',
  holds:
    '`npm start` says so in one sentence within 2 s of what a start takes anyway, and ends; so do web process and worker by themselves',
  missing: missingPooler,
  short: { runs: 1 },
  full: { runs: 3 },
  async prove({ runs }, measured) {
    const postgres = await startStoppablePostgres()
    const pooler = await startPooler(postgres.url)
    try {
      await migrate(postgres.url, createLog('silent'))
      const nobody = postgres.url.replace(/:\d+\//, `:${await freePort('127.0.0.1')}/`)
      for (let run = 0; run < runs; run += 1) {
        const usual = await start(nobody)
        const { output, code, ms } = await start(pooler.url)
        measured(`npm start ended after ${ms} ms, without any PostgreSQL after ${usual.ms} ms`)
        expect(output).toMatch(SENTENCE)
        expect(output.trim().split('\n')).toHaveLength(1)
        expect(code).toBe(1)
        expect(ms - usual.ms).toBeLessThan(NAMED_WITHIN_MS)
      }
      for (const entry of ['lib/server/main.ts', 'worker/main.ts']) {
        const { output, code } = await run(entry, pooler.url)
        expect(output).toMatch(SENTENCE)
        expect(output).not.toContain('stack')
        expect(code).toBe(1)
      }
    } finally {
      await pooler.close()
      await postgres.close()
    }
  },
})

async function start(databaseUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-pooler-'))
  const startedMs = performance.now()
  const settings = { DATABASE_URL: databaseUrl, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }
  const launched = launch(settings)
  const code = await launched.ended
  const ms = Math.round(performance.now() - startedMs)
  await rm(folder, { recursive: true })
  return { output: launched.output(), code, ms }
}

async function run(entry: string, databaseUrl: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    env: childEnvironment({
      DATABASE_URL: databaseUrl,
      PORT: String(await freePort('127.0.0.1')),
      AUTH_SECRET: 'a secret for tests and for nothing else',
      BASE_URL: '',
      LOG_LEVEL: 'error',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data
    })
  }
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { output, code }
}
