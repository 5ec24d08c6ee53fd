// Writes the audit trail: who did what to which thing, in the transaction that does it.
import { v7 as newId } from 'uuid'
import type { Json } from '#lib/channels/message.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { auditEvents } from '#lib/db/schema.ts'

/** Whoever acts: a person by their id, anybody else by their kind alone. */
export type Doer = { kind: string; userId?: string }

/**
 * Records one deed. `action` names it in the past tense (`user.created`); `facts` never hold a
 * secret. What was not done by a person says in `facts.by` who did it.
 */
export async function recordAudit(
  tx: Pick<Tx | Db, 'insert'>,
  actor: Doer,
  action: string,
  subjectId: string | null,
  facts: Record<string, Json> = {},
): Promise<void> {
  await tx.insert(auditEvents).values({
    id: newId(),
    actorId: actor.userId ?? null,
    action,
    subjectId,
    facts: actor.userId ? facts : { ...facts, by: actor.kind },
  })
}
