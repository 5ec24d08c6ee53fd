// The results on this screen, outside React: one ring per target, watched one by one.
import type { SampleColumns } from '#lib/samples/contract.ts'
import { createRing, insertSample, type SampleRing } from './sample-ring.ts'

export type SampleStore = {
  /** Merges by (target, time): duplicates and any order are harmless. */
  merge(groupId: string, samples: SampleColumns): void
  ring(groupId: string, n: number): SampleRing | undefined
  /** From this time in ms on no result of the group is missing; undefined before the first snapshot. */
  knownFromMs(groupId: string): number | undefined
  /** A snapshot's claim, and the time up to which an unbroken feed had reached before it. */
  setKnownFrom(groupId: string, fromMs: number, unbrokenToMs: number | undefined): void
  /** Calls back, at most once a frame, after results of target `n` arrived. Returns its undo. */
  watch(groupId: string, n: number, callback: () => void): () => void
  /** Whether results came since this was last asked; true the first time. */
  takeDirty(groupId: string): boolean
  forget(groupId: string): void
}

type Schedule = (work: () => void) => void
type GroupSamples = {
  rings: Map<number, SampleRing>
  knownFromMs: number | undefined
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
    ring: (groupId, n) => groups.get(groupId)?.rings.get(n),
    knownFromMs: (groupId) => groups.get(groupId)?.knownFromMs,
    setKnownFrom(groupId, fromMs, unbrokenToMs) {
      const group = groupOf(groupId)
      const isUnbroken = unbrokenToMs !== undefined && fromMs <= unbrokenToMs
      const before = isUnbroken ? (group.knownFromMs ?? fromMs) : fromMs
      group.knownFromMs = Math.min(before, fromMs)
      group.isDirty = true
    },
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
      knownFromMs: undefined,
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
