// Who stood in a group at any moment, and how: told by rows of now and earlier versions.
import type { Target } from '#lib/targets/contract.ts'
import type { Group, PingParameters } from './contract.ts'

/** What of a target's row may change. */
export type TargetFace = Pick<Target, 'label' | 'position' | 'state' | 'stopped_by'> & {
  deletedMs: number | null
}

/** What of a group's row may change. */
export type GroupFace = Pick<Group, 'name' | 'owner' | 'visibility' | 'updated_at'> & {
  parameters: PingParameters
  deletedMs: number | null
}

/** As it is now, and before: each face until its time, the earliest first. */
export type Faces<Face> = { now: Face; before: readonly { untilMs: number; face: Face }[] }

/** When it ran: [fromMs, toMs). */
export type Run = { fromMs: number; toMs: number | null }

export type TargetPast = Pick<Target, 'id' | 'n' | 'host' | 'added_at'> & {
  faces: Faces<TargetFace>
  runs: readonly Run[]
}

export type GroupPast = {
  id: string
  created_at: string
  faces: Faces<GroupFace>
  targets: readonly TargetPast[]
}

export type Roster = { group: Group; targets: Target[] }

/** The group and its targets in the order of the wall; undefined while the group was not there. */
export function rosterAt(past: GroupPast, atMs: number): Roster | undefined {
  const { deletedMs, ...face } = faceAt(past.faces, atMs)
  if (Date.parse(past.created_at) > atMs || isGone(deletedMs, atMs)) return undefined
  const targets = past.targets
    .flatMap((target) => targetAt(target, atMs) ?? [])
    .sort((a, b) => a.position - b.position || a.n - b.n)
  const { id, created_at } = past
  return { group: { id, created_at, ...face, target_count: targets.length }, targets }
}

/** The moments in (fromMs, toMs] at which the roster changed, in order. */
export function turnsOf({ faces, targets }: GroupPast, fromMs: number, toMs: number): number[] {
  const moments = new Set(faces.before.map(({ untilMs }) => untilMs))
  for (const target of targets) {
    moments.add(Date.parse(target.added_at))
    for (const { untilMs } of target.faces.before) moments.add(untilMs)
    for (const run of target.runs) {
      moments.add(run.fromMs)
      if (run.toMs !== null) moments.add(run.toMs)
    }
  }
  return [...moments].filter((ms) => ms > fromMs && ms <= toMs).sort((a, b) => a - b)
}

function targetAt({ faces, runs, ...always }: TargetPast, atMs: number): Target | undefined {
  const { deletedMs, ...face } = faceAt(faces, atMs)
  if (Date.parse(always.added_at) > atMs || isGone(deletedMs, atMs)) return undefined
  const run = runs.find(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs))
  const running_since = run ? new Date(run.fromMs).toISOString() : null
  return { ...always, ...face, ...switchedBy(run, face), running_since }
}

// Runs were noted from the first day on, versions were not: what contradicts a run is not believed.
function switchedBy(run: Run | undefined, { state, stopped_by }: Switched): Switched {
  if (run && state === 'stopped') return { state: 'running', stopped_by: null }
  if (!run && state === 'running') return { state: 'stopped', stopped_by: null }
  return { state, stopped_by }
}

type Switched = Pick<Target, 'state' | 'stopped_by'>

function faceAt<Face>({ now, before }: Faces<Face>, atMs: number): Face {
  return before.find(({ untilMs }) => untilMs > atMs)?.face ?? now
}

function isGone(deletedMs: number | null, atMs: number): boolean {
  return deletedMs !== null && deletedMs <= atMs
}
