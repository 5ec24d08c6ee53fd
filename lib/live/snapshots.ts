// Snapshots of groups, each read and encoded once for all who ask at the same time.
import { readGroup } from '#lib/groups/read.ts'
import type { House } from '#lib/http/house.ts'
import { readRecent } from '#lib/samples/read.ts'
import { readTargets } from '#lib/targets/read.ts'
import { encodeSnapshot } from './frames.ts'
import { REPLAY } from './protocol.ts'

export type EncodedSnapshot = { frames: string[]; cursor: string }

export type Snapshots = {
  /** The group's state and what was stored since the cursor; undefined when the group is gone. */
  read(groupId: string, since: string | undefined): Promise<EncodedSnapshot | undefined>
}

type Reading = { delivered: number; snapshot: Promise<EncodedSnapshot | undefined> }

/**
 * `delivered` counts the messages a group's followers have had: a reading under way serves only
 * those who have missed none since it began.
 */
export function createSnapshots(
  { db }: Pick<House, 'db'>,
  delivered: (groupId: string) => number,
): Snapshots {
  const readings = new Map<string, Reading>()

  return {
    read(groupId, since) {
      const key = `${groupId} ${since ?? ''}`
      const shared = readings.get(key)
      if (shared && shared.delivered === delivered(groupId)) return shared.snapshot
      const reading = { delivered: delivered(groupId), snapshot: readAndEncode(groupId, since) }
      readings.set(key, reading)
      const forget = () => {
        if (readings.get(key) === reading) readings.delete(key)
      }
      reading.snapshot.then(forget, forget)
      return reading.snapshot
    },
  }

  async function readAndEncode(groupId: string, since: string | undefined) {
    const [group, targets, recent] = await Promise.all([
      readGroup(db, groupId),
      readTargets(db, groupId),
      readRecent(db, groupId, { ...REPLAY, since }),
    ])
    if (!group) return undefined
    const frames = encodeSnapshot({ topic: `group:${groupId}`, group, targets, recent })
    return { frames, cursor: recent.cursor }
  }
}
