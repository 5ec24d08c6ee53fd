// One PostgreSQL for the whole run, with a migrated template to clone.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '#lib/db/client.ts'
import { migrate } from '#lib/db/migrate.ts'
import { type PostgresServer, startPostgres } from '#lib/launch/embedded-postgres.ts'
import { freePort } from '#lib/launch/ports.ts'
import { createLog } from '#lib/log.ts'
import { keepHotHours } from '#lib/samples/hot-hours.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's address, to which a database's name is appended. */
    postgresUrl: string
  }
}

export const TEMPLATE = 'echowall_template'

/** Vitest's global set-up; pure tests alone start no server. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (project.vitest.projects.every(({ name }) => name === 'pure')) return undefined
  const server = await startTestServer()
  project.provide('postgresUrl', server.url)
  return server.close
}

/** A server with a migrated template, for a test that disturbs all who share one. */
export async function startTestServer(): Promise<{ url: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'echowall-test-'))
  let server: PostgresServer | undefined
  const close = async () => {
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    server = await startPostgres({
      folder: join(folder, 'postgres'),
      port: await freePort('127.0.0.1'),
      password: 'test',
      settings: ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'shared_buffers=64MB'],
    })
    await makeTemplate(server.url)
    return { url: server.url, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function makeTemplate(url: string): Promise<void> {
  const admin = openDatabase({ url: `${url}/postgres`, name: 'echowall-test', connections: 1 })
  await admin.sql`create database ${admin.sql(TEMPLATE)}`
  await admin.close()
  await migrate(`${url}/${TEMPLATE}`, createLog('silent'))
  const template = openDatabase({ url: `${url}/${TEMPLATE}`, name: 'echowall-test' })
  await keepHotHours(template.db, new Date())
  await template.close()
}
