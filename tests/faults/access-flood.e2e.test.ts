import { and, eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { MAILBOX_CAPACITY } from '#lib/channels/capacity.ts'
import { ACCESS, groupOfWatchers } from '#lib/channels/names.ts'
import { createPostgresLayer } from '#lib/channels/postgres-layer.ts'
import { inTransaction, openDatabase } from '#lib/db/client.ts'
import { memberships } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { openReader } from '../support/live-reader.ts'
import { makeColleague } from '../support/person.ts'
import { until } from '../support/until.ts'
import { fault } from './fault.ts'
import { watchProgram } from './watched-program.ts'

/** DESIGN section 7: no frame later than this after the answer that revokes. */
const LAST_FRAME_MS = 500
const LISTENED_MS = 3_000

fault({
  fault: 'A right is taken away while the mailboxes for news and for rights are full',
  holds:
    'the reader it is taken from hears nothing of the group later than 500 ms after the commit; the owner misses nothing',
  short: { rounds: 1, messages: MAILBOX_CAPACITY * 3 },
  full: { rounds: 10, messages: MAILBOX_CAPACITY * 30 },
  async prove({ rounds, messages }, measured) {
    const watched = await watchProgram({ addresses: 20 })
    const { program, person, groupId, topic, reader, sql } = watched
    const database = openDatabase({ url: await program.databaseUrl(), name: 'echowall-test' })
    const log = createLog('silent')
    const layer = createPostgresLayer({ url: await program.databaseUrl(), db: database.db, log })
    try {
      const colleague = await makeColleague(program.url, person)
      const { id } = await colleague.get<{ id: string }>('/api/me')
      let latest = 0
      for (let round = 0; round < rounds; round += 1) {
        await sql`
          insert into memberships (group_id, user_id, role) values (${groupId}, ${id}, 'viewer')`
        const revoked = await openReader('websocket', program.url, colleague)
        await revoked.send({ type: 'follow', topic })
        await revoked.next('event')
        await revokeInFlood(id)
        const revokedMs = performance.now()
        latest = Math.max(latest, await listen(revoked.frames, revokedMs))
        revoked.close()
      }
      const missing = await watched.holes()
      measured(`${rounds} times under ${messages} messages each to the group and to all rights`)
      measured(`last frame of the group ${Math.round(latest)} ms after the commit at the latest`)
      measured(`${missing.length} stored samples missing at the owner`)
      expect(latest).toBeLessThan(LAST_FRAME_MS)
      expect(missing).toEqual([])
      expect(reader.frames.some(({ type }) => type === 'bye')).toBe(false)
    } finally {
      await layer.close()
      await database.close()
      await watched.close()
    }

    // In one transaction, as a verb revokes: all arrives in one piece, faster than it is worked off.
    async function revokeInFlood(userId: string): Promise<void> {
      await inTransaction(database, async ({ tx }) => {
        await tx
          .delete(memberships)
          .where(and(eq(memberships.groupId, groupId), eq(memberships.userId, userId)))
        for (let i = 0; i < messages; i += 1) {
          await layer.groupSend(groupOfWatchers(groupId), { type: 'group.changed' }, { tx })
          await layer.groupSend(ACCESS, { type: 'access.changed' }, { tx })
        }
      })
    }

    /** How long after the commit the last frame of the group came; 0 when none did. */
    async function listen(frames: { type: string }[], revokedMs: number): Promise<number> {
      let seen = frames.length
      let lastMs = 0
      await until(
        () => {
          const fresh = frames.slice(seen)
          seen = frames.length
          const isOfGroup = fresh.some(({ type }) => type === 'event' || type === 'snapshot')
          if (isOfGroup) lastMs = performance.now() - revokedMs
          return performance.now() - revokedMs > LISTENED_MS
        },
        LISTENED_MS + 5_000,
        'some time to pass',
      )
      expect(frames.some(({ type }) => type === 'ended')).toBe(true)
      return lastMs
    }
  },
})
