// A group with running targets, made row by row: for tests of what reads and stores samples.
import { v7 as newId } from 'uuid'
import type { Db } from '#lib/db/client.ts'
import { groups, probes, samples, targetRuns, targets } from '#lib/db/schema.ts'
import { DEFAULT_PARAMETERS } from '#lib/groups/contract.ts'
import { makeUser } from './factories.ts'

export type MeasuredTarget = { id: string; n: number; probeId: number }
export type MeasuredGroup = { id: string; targets: MeasuredTarget[] }

const PARAMETERS = {
  intervalMs: DEFAULT_PARAMETERS.interval_ms,
  timeoutMs: DEFAULT_PARAMETERS.timeout_ms,
  payloadBytes: DEFAULT_PARAMETERS.payload_bytes,
  ttl: DEFAULT_PARAMETERS.ttl,
  dscp: DEFAULT_PARAMETERS.dscp,
  dontFragment: DEFAULT_PARAMETERS.dont_fragment,
  family: 0,
}

/** A probe of the host, found or made; one with other parameters if it has none yet. */
export async function makeProbe(
  db: Db,
  host: string,
  given: Partial<typeof PARAMETERS> = {},
): Promise<number> {
  const probe = { kind: 'icmp' as const, host, ...PARAMETERS, ...given }
  await db.insert(probes).values(probe).onConflictDoNothing()
  const found = await db.query.probes.findFirst({ where: (p, { eq }) => eq(p.host, host) })
  if (!found) throw new Error('No probe was made.')
  return found.id
}

/** Every host is running since `startedAt`. */
export async function makeMeasuredGroup(
  db: Db,
  hosts: string[],
  startedAt: Date,
): Promise<MeasuredGroup> {
  const owner = await makeUser(db)
  const id = newId()
  await db
    .insert(groups)
    .values({ id, ownerId: owner.id, name: 'a group', visibility: 'private', ...PARAMETERS })
  const made: MeasuredTarget[] = []
  for (const [i, host] of hosts.entries()) {
    const target = { id: newId(), n: i + 1, probeId: await makeProbe(db, host) }
    await db
      .insert(targets)
      .values({ ...target, groupId: id, host, label: '', position: i, state: 'running' })
    await db
      .insert(targetRuns)
      .values({ targetId: target.id, probeId: target.probeId, startedAt, endedAt: null })
    made.push(target)
  }
  return { id, targets: made }
}

/** Stores one result as anybody may. */
export async function insertSample(
  db: Db,
  probeId: number,
  atMs: number,
  rttUs: number,
): Promise<void> {
  await db.insert(samples).values({ probeId, at: new Date(atMs), rttUs })
}
