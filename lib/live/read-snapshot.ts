// Reads a group for a snapshot: with all recent results, or with last ones and counts alone.
import type { Db } from '#lib/db/client.ts'
import { readGroup } from '#lib/groups/read.ts'
import { readRecent } from '#lib/samples/read.ts'
import { readTallies } from '#lib/samples/tally.ts'
import { TELLING_RESULTS } from '#lib/targets/health.ts'
import { readTargets } from '#lib/targets/read.ts'
import { REPLAY } from './protocol.ts'
import {
  encodeHead,
  encodeSnapshot,
  encodeStrips,
  encodeTallies,
  fitsOneFrame,
  SAMPLES_PER_FRAME,
  type SnapshotState,
} from './snapshot-frames.ts'

export type EncodedSnapshot = {
  /** The group, its targets and at least their last results. */
  first: string
  /** What follows, read meanwhile, and from where a reader of all of it resumes. */
  rest: Promise<{ frames: string[]; cursor: string }>
}

type Snapshot = Promise<EncodedSnapshot | undefined>

/** Up to here the last results are not worth a reading of their own. */
const FEW_TARGETS = 40

/** Every recent result; with `since` all that were stored later. Undefined when the group is gone. */
export async function readWhole(db: Db, groupId: string, since: string | undefined): Snapshot {
  const reading = started(() => readRecent(db, groupId, { ...REPLAY, since }))
  const state = await readState(db, groupId)
  if (!state) return undefined
  const strips = async () => {
    const recent = await reading
    return { frames: encodeStrips(state.topic, recent, { since }), cursor: recent.cursor }
  }
  if (since === undefined && state.targets.length > FEW_TARGETS) {
    const last = await readRecent(db, groupId, { ...REPLAY, results: 1 })
    return { first: encodeHead(state, last, since), rest: started(strips) }
  }
  const recent = await reading
  if (fitsOneFrame(recent)) return inOneFrame(encodeSnapshot(state, recent, since), recent.cursor)
  return { first: encodeHead(state, recent, since), rest: started(strips) }
}

/**
 * All that was stored since the cursor where one frame holds it; otherwise, and without a cursor,
 * the last results and counts: the rest is asked for. Undefined when the group is gone.
 */
export async function readLast(db: Db, groupId: string, since: string | undefined): Snapshot {
  const readTelling = () => readRecent(db, groupId, { ...REPLAY, results: TELLING_RESULTS })
  const reading = since === undefined ? started(readTelling) : undefined
  const state = await readState(db, groupId)
  if (!state) return undefined
  if (since !== undefined) {
    const results = Math.ceil((SAMPLES_PER_FRAME + 1) / Math.max(1, state.targets.length))
    const limits = { ms: REPLAY.ms, results: Math.min(REPLAY.results, results) }
    const recent = await readRecent(db, groupId, { ...limits, since })
    const isCut = recent.series.some(({ at }) => at.length >= limits.results)
    if (!isCut && fitsOneFrame(recent)) {
      return inOneFrame(encodeSnapshot(state, recent, since), recent.cursor)
    }
  }
  const recent = await (reading ?? readTelling())
  const rest = started(async () => {
    const windowMs = Math.min(REPLAY.ms, REPLAY.results * state.group.parameters.interval_ms)
    const tallies = await readTallies(db, groupId, { series: recent.series, windowMs })
    return { frames: encodeTallies(state.topic, { recent, tallies }, since), cursor: recent.cursor }
  })
  return { first: encodeHead(state, recent, since), rest }
}

async function readState(db: Db, groupId: string): Promise<SnapshotState | undefined> {
  const [group, targets] = await Promise.all([readGroup(db, groupId), readTargets(db, groupId)])
  return group && { topic: `group:${groupId}`, group, targets }
}

function inOneFrame(first: string, cursor: string): EncodedSnapshot {
  return { first, rest: Promise.resolve({ frames: [], cursor }) }
}

// Its failure is heard by whoever comes so far as to await it.
function started<Read>(read: () => Promise<Read>): Promise<Read> {
  const reading = read()
  reading.catch(() => {})
  return reading
}
