// A group of one target with everything a proof tells: losses, an outage, a floor, marks.
import { v7 as newId } from 'uuid'
import type { Db } from '#lib/db/client.ts'
import { canaryReadings, marks, memberships, outages } from '#lib/db/schema.ts'
import type { TestUser } from './factories.ts'
import type { MeasuredGroup } from './measured-group.ts'
import { measure, second } from './told-results.ts'

/** A minute from the floor on, as the viewer `user` may see it. */
export async function makeProvenGroup(db: Db, user: TestUser): Promise<MeasuredGroup> {
  const line = Array.from({ length: 60 }, (_, i) => wordOf(i)).join(' ')
  const group = await measure(db, line)
  await letIn(db, user, group)
  await db.insert(outages).values({
    probeId: group.targets[0]?.probeId ?? 0,
    startedAt: second(0),
    endedAt: second(4),
    outcome: -2,
    errorCode: 1,
    errorFrom: '10.0.0.9',
    path: [
      { ttl: 1, from: '10.0.0.1' },
      { ttl: 2, from: null },
    ],
  })
  const counts = { sent: 10, received: 10, echoes: 100, latenessUs: 40, overdue: 3, unsent: 0 }
  const none = { receiveDrops: 0, lateReplies: 0, duplicates: 0 }
  const [at, endedAt] = [second(10), second(20)]
  const floor = { worker: group.id, at, endedAt, medianUs: 55, maxUs: 70, ...counts, ...none }
  await db.insert(canaryReadings).values(floor)
  const mark = { groupId: group.id, text: 'new <fibre>', madeBy: user.id }
  for (const seconds of [5, 61]) {
    await db.insert(marks).values({ ...mark, id: newId(), at: second(seconds) })
  }
  return group
}

export async function letIn(db: Db, user: TestUser, { id }: MeasuredGroup): Promise<void> {
  await db.insert(memberships).values({ groupId: id, userId: user.id, role: 'viewer' })
}

function wordOf(i: number): string {
  if (i < 4) return 'u'
  if (i % 11 === 0) return 'x'
  return i % 13 === 0 ? '.' : String(1_000 + i * 37)
}
