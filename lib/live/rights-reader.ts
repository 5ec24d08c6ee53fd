// Who is calling and what they may see, read at once for all readers who ask at once.
import type { Actor } from '#lib/auth/context.ts'
import { type AskedRoles, readRoles } from '#lib/auth/group-access.ts'
import { findSessions } from '#lib/auth/session.ts'
import type { Db } from '#lib/db/client.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import { gather } from './gather.ts'
import { type Caller, callerOf } from './scope.ts'

export type RightsReader = {
  /** Who is calling as of now; `nobody` once the session has ended. */
  caller(actor: Actor): Promise<Caller>
  /** The roles in those of the groups that they may see, as of now. */
  roles(asked: AskedRoles): Promise<Map<string, GroupRole>>
}

/** Not one question a reader: a thousand of them are to know within 400 ms. */
export function createRightsReader({ db }: { db: Db }): RightsReader {
  const findSession = gather(async (sessionIds: string[]) => {
    const found = await findSessions(db, [...new Set(sessionIds)])
    return sessionIds.map((id) => found.get(id))
  })
  return {
    async caller(actor) {
      return callerOf(actor.kind === 'user' ? await findSession(actor.sessionId) : undefined)
    },
    roles: gather((asked: AskedRoles[]) => readRoles(db, asked)),
  }
}
