// What the live connection is compared as: ours and the bare loop, with the same readers.
import postgres from 'postgres'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { signIn } from '../support/person.ts'
import type { Program } from '../support/program.ts'
import { type Child, startChild } from './children.ts'
import { makeEmptyGroups, openReaders, readersOfBareLoop, readersOfWall } from './readers.ts'
import { someSamples } from './some-samples.ts'

export type Subject = {
  /** The process that serves the readers. */
  pid: number
  readers: Child
  /** Sends a quarter second of results to the readers of this group. */
  announce(group: number): void
  close(): Promise<void>
}

export type Sizes = { connections: number; groups: number }

/** A quarter second of a group of 200: what one flush announces. */
const SAMPLES = 50

/** The web process, its readers spread over the groups. */
export async function openWall(program: Program, sizes: Sizes): Promise<Subject> {
  const person = await signIn(program.url)
  const ids = await makeEmptyGroups(person, sizes.groups)
  const topics = indices(sizes.connections).map((i) => `group:${ids[i % sizes.groups]}`)
  const readers = await openReaders(readersOfWall(program.url, person, topics))
  const url = await program.databaseUrl()
  const database = openDatabase({ url, name: 'bench', connections: 1 })
  const channels = createPostgresLayer({ url, db: database.db, log: createLog('silent') })
  return {
    pid: await program.pid('web'),
    readers,
    announce(group) {
      const cursor = new Date().toISOString()
      const message = { type: 'samples.arrived', cursor, samples: someSamples(SAMPLES) }
      void channels.groupSend(groupOfWatchers(ids[group] ?? ''), message)
    },
    async close() {
      await readers.end()
      await channels.close()
      await database.close()
    },
  }
}

/** `bare-server.ts` on the same database, its readers in as many rooms. */
export async function openBareLoop(program: Program, sizes: Sizes): Promise<Subject> {
  const url = await program.databaseUrl()
  const server = startChild('./bare-server.ts', [url])
  const { port } = await server.ask<{ port: number }>()
  const rooms = indices(sizes.connections).map((i) => `/${i % sizes.groups}`)
  const readers = await openReaders(readersOfBareLoop(port, rooms))
  const notifier = postgres(url, { max: 1, onnotice: () => {} })
  return {
    pid: server.pid,
    readers,
    announce(group) {
      const payload = JSON.stringify({ room: `/${group}`, samples: someSamples(SAMPLES) })
      // Queries of postgres.js are lazy.
      void notifier`select pg_notify('bare', ${payload})`.execute()
    },
    async close() {
      await readers.end()
      await notifier.end()
      await server.end()
    },
  }
}

function indices(count: number): number[] {
  return [...Array(count).keys()]
}
