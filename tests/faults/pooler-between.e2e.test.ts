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
    '`npm start` says so in one sentence within 2 s of what a start takes anyway, and ends, with the channel layer on PostgreSQL or on Redis; so do the worker and, where it listens there, the web process by themselves',
  missing: missingPooler,
  short: { runs: 1 },
  full: { runs: 3 },
  async prove({ runs }, measured) {
    const postgres = await startStoppablePostgres()
    const pooler = await startPooler(postgres.url, 'transaction')
    try {
      await migrate(postgres.url, createLog('silent'))
      const nobody = postgres.url.replace(/:\d+\//, `:${await freePort('127.0.0.1')}/`)
      const redis = `redis://127.0.0.1:${await freePort('127.0.0.1')}`
      for (let run = 0; run < runs; run += 1) {
        const usual = await start(nobody, 'database')
        for (const layer of ['database', redis]) {
          const { output, code, ms } = await start(pooler.url, layer)
          measured(`npm start ended after ${ms} ms, without any PostgreSQL after ${usual.ms} ms`)
          expect(output).toMatch(SENTENCE)
          expect(output.trim().split('\n')).toHaveLength(1)
          expect(code).toBe(1)
          expect(ms - usual.ms).toBeLessThan(NAMED_WITHIN_MS)
        }
      }
      const alone = [
        ['lib/server/main.ts', 'database'],
        ['worker/main.ts', 'database'],
        ['worker/main.ts', redis],
      ] as const
      for (const [entry, layer] of alone) {
        const { output, code } = await run(entry, pooler.url, layer)
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

async function start(databaseUrl: string, layer: string) {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-pooler-'))
  const startedMs = performance.now()
  const launched = launch({
    DATABASE_URL: databaseUrl,
    CHANNEL_LAYER: layer,
    DATA_DIR: folder,
    PORT: '0',
    LOG_LEVEL: 'silent',
  })
  const code = await launched.ended
  const ms = Math.round(performance.now() - startedMs)
  await rm(folder, { recursive: true })
  return { output: launched.output(), code, ms }
}

async function run(entry: string, databaseUrl: string, layer: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    env: childEnvironment({
      DATABASE_URL: databaseUrl,
      CHANNEL_LAYER: layer,
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
