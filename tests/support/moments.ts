// What a group showed at a moment, live and by its past: fit to be compared.
import type { Ctx } from '#lib/auth/context.ts'
import type { Db } from '#lib/db/client.ts'
import type { Group, MyGroup } from '#lib/groups/contract.ts'
import { showPast, showPastEvents } from '#lib/live/past.ts'
import { PastEvents, PastGroup } from '#lib/live/past-contract.ts'
import { Snapshot } from '#lib/live/protocol.ts'
import { createSnapshots } from '#lib/live/snapshots.ts'
import { eachResult } from '#lib/samples/strip-columns.ts'
import { readNow } from '#lib/samples/window.ts'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { until } from './until.ts'

type Results = Map<number, Map<number, number>>
type Held = { group: Group | null | undefined; targets: LiveTarget[]; results: Results }

/** Times are ms before the moment, so that a moved past can be compared. */
export type Moment = { atMs: number; shown: object }

const MOST = 120

/** The moment is now: what happens afterwards has a later time. */
export async function liveMoment(db: Db, groupId: string): Promise<Moment> {
  await turn(db)
  const at = await readNow(db)
  const snapshots = createSnapshots({ db }, () => 0)
  const snapshot = await snapshots.read(groupId, { since: undefined, replay: 'all' })
  const { frames } = (await snapshot?.rest) ?? { frames: [] }
  const held: Held = { group: undefined, targets: [], results: new Map() }
  for (const text of [snapshot?.first ?? '', ...frames]) {
    const { group, targets, samples } = Snapshot.parse(JSON.parse(text))
    held.group ??= group
    held.targets.push(...(targets ?? []))
    for (const [i, n] of samples.n.entries())
      put(held.results, n, samples.at + (samples.d[i] ?? 0), samples.v[i] ?? 0)
  }
  await turn(db)
  return { atMs: at.getTime(), shown: comparable(held, at.getTime()) }
}

export async function pastMoment(ctx: Ctx, groupId: string, atMs: number): Promise<Moment> {
  return { atMs, shown: comparable(await readPast(ctx, groupId, atMs), atMs) }
}

/** Each of these moments after the first, by playing forward from there. */
export async function playedMoments(ctx: Ctx, groupId: string, moments: readonly Moment[]) {
  const [first, ...later] = moments.map(({ atMs }) => atMs)
  if (first === undefined) return []
  const held = await readPast(ctx, groupId, first)
  const played: Moment[] = []
  let fromMs = first
  for (const atMs of later) {
    const stretch = { groupId, from: new Date(fromMs), to: new Date(atMs) }
    const { samples, events } = PastEvents.parse(await showPastEvents(ctx, stretch))
    for (const [i, n] of samples.n.entries())
      put(held.results, n, samples.at + (samples.d[i] ?? 0), samples.v[i] ?? 0)
    for (const { event } of events) {
      if (event.type === 'group.changed') held.group = event.group
      if (event.type !== 'targets.changed') continue
      const gone = new Set([...event.removed, ...event.targets.map(({ id }) => id)])
      held.targets = [...held.targets.filter(({ id }) => !gone.has(id)), ...event.targets]
    }
    played.push({ atMs, shown: comparable(held, atMs) })
    fromMs = atMs
  }
  return played
}

async function readPast(ctx: Ctx, groupId: string, atMs: number): Promise<Held> {
  const past = PastGroup.parse(await showPast(ctx, { groupId, at: new Date(atMs), cursor: 0 }))
  const results: Results = new Map()
  for (const strip of past.strips) eachResult(strip, (at, us) => put(results, strip.n, at, us))
  return { group: past.group && withoutRole(past.group), targets: past.targets, results }
}

const withoutRole = ({ role: _, ...group }: MyGroup): Group => group

function put(results: Results, n: number, atMs: number, us: number): void {
  const series = results.get(n) ?? new Map<number, number>()
  results.set(n, series.set(atMs, us))
}

function comparable({ group, targets, results }: Held, atMs: number): object {
  const ago = (iso: string | null) => iso && atMs - Date.parse(iso)
  return {
    group: group && {
      ...group,
      created_at: ago(group.created_at),
      updated_at: ago(group.updated_at),
    },
    targets: targets
      .toSorted((a, b) => a.position - b.position || a.n - b.n)
      .map((target) => ({ ...target, running_since: ago(target.running_since) })),
    results: targets
      .map(({ n }) => [
        n,
        [...(results.get(n) ?? [])]
          .sort(([a], [b]) => a - b)
          .slice(-MOST)
          .map(([at, us]) => [atMs - at, us]),
      ])
      .sort(([a], [b]) => Number(a) - Number(b)),
  }
}

// Times are compared in whole milliseconds.
async function turn(db: Db): Promise<void> {
  const before = await readNow(db)
  await until(async () => (await readNow(db)).getTime() > before.getTime() + 1)
}
