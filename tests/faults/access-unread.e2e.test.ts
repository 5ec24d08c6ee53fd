import { readFile } from 'node:fs/promises'
import { and, eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { ACCESS } from '#lib/channels/names.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { inTransaction, openDatabase } from '#lib/db/client.ts'
import { memberships } from '#lib/db/schema.ts'
import { groupIdOfTopic } from '#lib/live/protocol.ts'
import { createLog } from '#lib/log.ts'
import { makeColleague } from '../support/person.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { openFlood } from './flood.ts'
import { openStallableReader } from './stallable-reader.ts'
import { watchProgram } from './watched-program.ts'

/** DESIGN section 7: no frame later than this after the answer that revokes. */
const LAST_FRAME_MS = 500
/** What a busy machine may add; without the promise it would be minutes. */
const NOISE_MS = 500
/** The kernel takes some MiB before anything waits in the process. */
const FLOOD_SECONDS = 6

fault({
  fault: 'A right is taken away from a reader who has stopped reading',
  holds:
    'what had not reached its machine by 500 ms after the commit is thrown away, in the kernel too; it comes back to what it may see',
  short: { rounds: 1 },
  full: { rounds: 5 },
  async prove({ rounds }, measured) {
    const { program, person, groupId, topic, sql, close } = await watchProgram({ addresses: 3 })
    const flood = await openFlood(program, person)
    const database = openDatabase({ url: await program.databaseUrl(), name: 'echowall-test' })
    const log = createLog('silent')
    const layer = createPostgresLayer({ url: await program.databaseUrl(), db: database.db, log })
    const floodId = groupIdOfTopic(flood.topic) ?? ''
    try {
      const colleague = await makeColleague(program.url, person)
      const { id } = await colleague.get<{ id: string }>('/api/me')
      await sql`insert into memberships (group_id, user_id, role) values (${groupId}, ${id}, 'viewer')`
      let [unsent, latest] = [Number.POSITIVE_INFINITY, 0]
      for (let round = 0; round < rounds; round += 1) {
        await sql`insert into memberships (group_id, user_id, role) values (${floodId}, ${id}, 'viewer')`
        const options = { url: program.url, person: colleague, topic, others: [flood.topic] }
        const reader = await openStallableReader(options)
        reader.stall()
        await flood.run(FLOOD_SECONDS)
        unsent = Math.min(unsent, await unsentBytes(program.url))
        await revoke(id)
        const revokedMs = performance.now()
        await until(async () => (await unsentBytes(program.url)) === 0)
        latest = Math.max(latest, performance.now() - revokedMs)
        reader.readOn()
        await until(() => reader.timesLetGo() === 1)
        const heard = reader.heard.size
        await until(() => reader.heard.size > heard, 15_000, 'news of the group it may still see')
        reader.close()
      }
      measured(
        `${(unsent / 2 ** 20).toFixed(1)} MiB in the kernel, gone ${Math.round(latest)} ms after the commit`,
      )
      expect(unsent).toBeGreaterThan(2 ** 16)
      expect(latest).toBeLessThan(LAST_FRAME_MS + NOISE_MS)
    } finally {
      await layer.close()
      await database.close()
      await flood.close()
      await close()
    }

    async function revoke(userId: string): Promise<void> {
      const isIt = and(eq(memberships.groupId, floodId), eq(memberships.userId, userId))
      const change = { type: 'access.changed', user_ids: [userId], group_id: floodId }
      await inTransaction(database, async ({ tx }) => {
        await tx.delete(memberships).where(isIt)
        await layer.groupSend(ACCESS, change, { tx })
      })
    }
  },
})

/** What the kernel holds of the program's answers and the readers' machine has not acknowledged (Linux). */
async function unsentBytes(url: string): Promise<number> {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0')
  const [, ...lines] = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n')
  const ours = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(`:${port}`))
  return ours.reduce((sum, [, , , , queues = '0']) => sum + Number.parseInt(queues, 16), 0)
}
