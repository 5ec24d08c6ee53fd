// The results on this screen, outside React: one ring per target, watched one by one.
import type { Tally } from '#lib/live/protocol.ts'
import type { SampleColumns } from '#lib/samples/contract.ts'
import { eachResult, type StripColumns } from '#lib/samples/strip-columns.ts'
import { createKnownHistory, type KnownHistory } from './known-history.ts'
import type { RowResults, RowTally } from './row-evidence.ts'
import { createRing, insertSample, newestAt, type SampleRing } from './sample-ring.ts'

export type SampleStore = {
  /** Merges by (target, time): duplicates and any order are harmless. */
  merge(groupId: string, samples: SampleColumns): void
  /** Every result of one target since `fromMs`. */
  load(groupId: string, strip: StripColumns, fromMs: number): void
  /** A snapshot has ended: what it claims, and its counts where it brought last results only. */
  begin(groupId: string, claim: SnapshotClaim): void
  ring(groupId: string, n: number): SampleRing | undefined
  results(groupId: string, n: number): RowResults
  history(groupId: string): Omit<KnownHistory, 'begin' | 'load'> | undefined
  /** Calls back, at most once a frame, after results of target `n` arrived. Returns its undo. */
  watch(groupId: string, n: number, callback: () => void): () => void
  /** Whether results came since this was last asked; true the first time. */
  takeDirty(groupId: string): boolean
  forget(groupId: string): void
}

export type SnapshotClaim = {
  fromMs: number
  /** The time up to which an unbroken feed had reached before it. */
  unbrokenToMs: number | undefined
  tally: Tally | undefined
}

type Schedule = (work: () => void) => void
type GroupSamples = {
  rings: Map<number, SampleRing>
  tallies: Map<number, RowTally>
  history: KnownHistory
  isDirty: boolean
}

/** `schedule` runs the callbacks; in a page that is `requestAnimationFrame`. */
export function createSampleStore(schedule: Schedule): SampleStore {
  const groups = new Map<string, GroupSamples>()
  const watchers = new Map<string, Set<() => void>>()
  const changed = new Set<string>()

  return {
    merge(groupId, { at, n, d, v }) {
      const group = groupOf(groupId)
      for (let i = 0; i < n.length; i += 1) {
        const target = n[i] ?? 0
        if (insertSample(ringOf(group, target), at + (d[i] ?? 0), v[i] ?? 0)) {
          announce(`${groupId}:${target}`)
        }
      }
      if (n.length > 0) group.isDirty = true
    },
    load(groupId, strip, fromMs) {
      const group = groupOf(groupId)
      eachResult(strip, (at, us) => void insertSample(ringOf(group, strip.n), at, us))
      group.history.load(strip.n, fromMs)
      group.tallies.delete(strip.n)
      group.isDirty = true
      announce(`${groupId}:${strip.n}`)
    },
    begin(groupId, { tally, ...claim }) {
      const group = groupOf(groupId)
      group.history.begin({ ...claim, isLast: tally !== undefined })
      if (tally) group.tallies = talliesOf(tally, group.rings)
      group.isDirty = true
    },
    ring: (groupId, n) => groups.get(groupId)?.rings.get(n),
    results(groupId, n) {
      const group = groups.get(groupId)
      return { ring: group?.rings.get(n), tally: group?.tallies.get(n) }
    },
    history: (groupId) => groups.get(groupId)?.history,
    watch(groupId, n, callback) {
      const key = `${groupId}:${n}`
      const those = watchers.get(key) ?? new Set()
      watchers.set(key, those.add(callback))
      return () => {
        those.delete(callback)
        if (those.size === 0 && watchers.get(key) === those) watchers.delete(key)
      }
    },
    takeDirty(groupId) {
      const group = groupOf(groupId)
      const wasDirty = group.isDirty
      group.isDirty = false
      return wasDirty
    },
    forget: (groupId) => void groups.delete(groupId),
  }

  function groupOf(groupId: string): GroupSamples {
    const group = groups.get(groupId) ?? {
      rings: new Map(),
      tallies: new Map(),
      history: createKnownHistory(),
      isDirty: true,
    }
    groups.set(groupId, group)
    return group
  }

  function ringOf(group: GroupSamples, n: number): SampleRing {
    const ring = group.rings.get(n) ?? createRing()
    group.rings.set(n, ring)
    return ring
  }

  // Only watched targets are remembered, so the set is bounded by what is on the screen.
  function announce(key: string): void {
    if (!watchers.has(key)) return
    changed.add(key)
    if (changed.size === 1) schedule(tell)
  }

  function tell(): void {
    const keys = [...changed]
    changed.clear()
    for (const key of keys) for (const callback of watchers.get(key) ?? []) callback()
  }
}

// What is counted ends with the last result that was told of each.
function talliesOf({ n, sent, lost }: Tally, rings: Map<number, SampleRing>) {
  const tallies = new Map<number, RowTally>()
  for (const [i, target] of n.entries()) {
    const ring = rings.get(target)
    const upToMs = ring && newestAt(ring)
    if (upToMs !== undefined)
      tallies.set(target, { upToMs, sent: sent[i] ?? 0, lost: lost[i] ?? 0 })
  }
  return tallies
}
