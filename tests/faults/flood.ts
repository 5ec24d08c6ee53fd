// Floods one topic from outside with far more than a reader can take.
import { setTimeout as pause } from 'node:timers/promises'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { makeGroup, type Person } from '../support/person.ts'
import type { Program } from '../support/program.ts'

/** About 48 KB a message and 1.5 MB a second; longer ones would be garbage more than load. */
const SAMPLES = 6_000
const PERIOD_MS = 25

export type Flood = {
  topic: string
  /** Sends for so long. */
  run(seconds: number): Promise<void>
  sentMib(): number
  close(): Promise<void>
}

/** The topic is a group's without targets, so that nothing else is said in it. */
export async function openFlood(program: Program, person: Person): Promise<Flood> {
  const url = await program.databaseUrl()
  const { id } = await makeGroup(person, [])
  const database = openDatabase({ url, name: 'echowall-test', connections: 1 })
  const layer = createPostgresLayer({ url, db: database.db, log: createLog('silent') })
  const column = (value: number) => Array.from({ length: SAMPLES }, () => value)
  const samples = { at: Date.now(), n: column(1), d: column(0), v: column(-1) }
  const bytes = JSON.stringify(samples).length
  let sent = 0
  return {
    topic: `group:${id}`,
    async run(seconds) {
      const endMs = performance.now() + seconds * 1_000
      while (performance.now() < endMs) {
        const cursor = new Date().toISOString()
        await layer.groupSend(groupOfWatchers(id), { type: 'samples.arrived', cursor, samples })
        sent += bytes
        await pause(PERIOD_MS)
      }
    },
    sentMib: () => Math.round(sent / 2 ** 20),
    async close() {
      await layer.close()
      await database.close()
    },
  }
}
