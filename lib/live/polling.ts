// The last fallback: one request, the frames a topic would have brought.
import { requireGroup } from '#lib/auth/group-access.ts'
import { AppError } from '#lib/errors.ts'
import type { House } from '#lib/http/house.ts'
import { encodeFrame, withRole } from './frames.ts'
import type { Hub } from './hub.ts'
import { Cursor, groupIdOfTopic, Topic } from './protocol.ts'
import type { Scope } from './scope.ts'

/** The encoded frames for `?topic&since`: a snapshot, or `denied`; throws `invalid` for a bad cursor. */
export async function pollTopic(here: House, hub: Hub, scope: Scope): Promise<string[]> {
  const topic = scope.query.get('topic') ?? ''
  const since = Cursor.optional().safeParse(scope.query.get('since') ?? undefined)
  if (!since.success) {
    const issues = [{ path: 'since', message: 'Give back a cursor as it came.' }]
    throw new AppError('invalid', 'since: not a cursor.', { issues })
  }
  const groupId = Topic.safeParse(topic).success ? groupIdOfTopic(topic) : undefined
  if (groupId === undefined) return [denied(topic)]
  try {
    const { role } = await requireGroup({ ...here, actor: scope.actor }, groupId, 'viewer')
    const snapshot = await hub.snapshots.read(groupId, { since: since.data, replay: 'all' })
    if (!snapshot) return [denied(topic)]
    const { frames } = await snapshot.rest
    return [snapshot.first, ...frames].map((frame) => withRole(frame, role))
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return [denied(topic)]
    throw error
  }
}

function denied(topic: string): string {
  return encodeFrame({ type: 'denied', topic: topic.slice(0, 100), code: 'not_found' })
}
