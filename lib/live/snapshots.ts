// Snapshots of groups, each read and encoded once for all who ask at the same time.
import { readGroup } from '#lib/groups/read.ts'
import type { House } from '#lib/http/house.ts'
import { type Recent, readRecent } from '#lib/samples/read.ts'
import { readTargets } from '#lib/targets/read.ts'
import { encodeHead, encodeSnapshot, encodeStrips, fitsOneFrame } from './frames.ts'
import { REPLAY } from './protocol.ts'

export type EncodedSnapshot = {
  /** The group, its targets and at least their last results. */
  first: string
  /** What follows, read meanwhile, and from where a reader of all of it resumes. */
  rest: Promise<{ frames: string[]; cursor: string }>
}

/** Up to here the last results are not worth a reading of their own. */
const FEW_TARGETS = 40

export type Snapshots = {
  /** The group's state and what was stored since the cursor; undefined when the group is gone. */
  read(groupId: string, since: string | undefined): Promise<EncodedSnapshot | undefined>
  /** Messages may be missing: what is being read serves nobody who asks from now on. */
  forget(): void
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
    forget: () => readings.clear(),
  }

  async function readAndEncode(
    groupId: string,
    since: string | undefined,
  ): Promise<EncodedSnapshot | undefined> {
    const reading = readRecent(db, groupId, { ...REPLAY, since })
    // Whoever is served by it hears of its failure.
    reading.catch(() => {})
    const [group, targets] = await Promise.all([readGroup(db, groupId), readTargets(db, groupId)])
    if (!group) return undefined
    const topic = `group:${groupId}`
    const state = { topic, group, targets }
    if (since === undefined && targets.length > FEW_TARGETS) {
      const last = await readRecent(db, groupId, { ...REPLAY, results: 1 })
      return { first: encodeHead(state, last, since), rest: encodeRest(topic, reading, since) }
    }
    const recent = await reading
    if (fitsOneFrame(recent)) {
      const rest = Promise.resolve({ frames: [], cursor: recent.cursor })
      return { first: encodeSnapshot(state, recent), rest }
    }
    return { first: encodeHead(state, recent, since), rest: encodeRest(topic, reading, since) }
  }
}

function encodeRest(
  topic: string,
  reading: Promise<Recent>,
  since: string | undefined,
): EncodedSnapshot['rest'] {
  const rest = reading.then((recent) => ({
    frames: encodeStrips(topic, recent, since),
    cursor: recent.cursor,
  }))
  rest.catch(() => {})
  return rest
}
