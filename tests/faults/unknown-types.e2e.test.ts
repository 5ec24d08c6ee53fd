import { expect } from 'vitest'
import type { Message } from '#lib/channels/message.ts'
import { ACCESS, groupOfWatchers, WORKERS } from '#lib/channels/names.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { openDatabase } from '#lib/db/client.ts'
import { createLog } from '#lib/log.ts'
import { openReader } from '../support/live-reader.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { watchProgram } from './watched-program.ts'

const NAMES = ['constructor', '__proto__', 'then', 'toString', 'hasOwnProperty', 'prototype']
const INVALID_FRAME = 4500

fault({
  fault: 'Messages and frames are of a type such as `constructor` or `__proto__`',
  holds:
    'they find no handler and are counted; processes and readers go on, and a frame so named ends its own connection alone',
  short: { rounds: 1 },
  full: { rounds: 100 },
  async prove({ rounds }, measured) {
    const { program, person, reader, groupId, holes, close } = await watchProgram({ addresses: 3 })
    const database = openDatabase({ url: await program.databaseUrl(), name: 'echowall-test' })
    const log = createLog('silent')
    const layer = createPostgresLayer({ url: await program.databaseUrl(), db: database.db, log })
    try {
      const pids = [await program.pid('web'), await program.pid('worker')]
      for (let round = 0; round < rounds; round += 1) {
        for (const group of [groupOfWatchers(groupId), WORKERS, ACCESS]) {
          for (const type of NAMES) await layer.groupSend(group, poisoned(type))
        }
      }
      for (const type of NAMES) {
        const sender = await openReader('websocket', program.url, person)
        await sender.send(poisoned(type))
        expect(await sender.closed).toBe(INVALID_FRAME)
      }
      // A room takes messages one after the other: what comes now comes after them.
      const before = reader.frames.length
      await until(() => reader.frames.slice(before).some(({ type }) => type === 'event'))
      const counted = await countUnknown(program.url)
      const missing = await holes()
      measured(`${rounds * NAMES.length * 3} messages and ${NAMES.length} frames`)
      measured(
        `${counted} counted as unknown by the room, ${missing.length} stored samples missing`,
      )
      expect(counted).toBe(rounds * NAMES.length)
      expect([await program.pid('web'), await program.pid('worker')]).toEqual(pids)
      expect(missing).toEqual([])
    } finally {
      await layer.close()
      await database.close()
      await close()
    }
  },
})

/** Also with such a key of its own, as only a parser can make it. */
function poisoned(type: string): Message {
  return JSON.parse(`{"type":"${type}","__proto__":{"isPoisoned":true},"constructor":{"n":1}}`)
}

async function countUnknown(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^echowall_channel_unknown_types_total (\d+)/m.exec(metrics)?.[1])
}
