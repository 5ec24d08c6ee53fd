// What components read of the live wall: each watches the one value it shows.
'use client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { Standing } from '#lib/targets/health.ts'
import { type CardVitals, NO_COUNTS } from './card-vitals.ts'
import { useLive } from './live-provider.tsx'
import type { LiveStatus } from './live-status.ts'
import type { SampleRing } from './sample-ring.ts'
import { beatOnScreen } from './screen-beat.ts'
import { ROOM_ENOUGH, type StorageNotice } from './storage-notice.ts'

const CONNECTING: LiveStatus = { transport: 'connecting', isStale: false }
const unwatched = () => () => {}

/** Follows a group for as long as the component is there. */
export function useFollow(groupId: string): void {
  const connection = useLive()?.connection
  useEffect(() => connection?.follow(`group:${groupId}`), [connection, groupId])
}

/** What is shown has been: nothing on it can be changed. */
export function useIsPast(): boolean {
  return useLive()?.isPast ?? false
}

export function useLiveStatus(): LiveStatus {
  const connection = useLive()?.connection
  return useSyncExternalStore(
    connection?.subscribe ?? unwatched,
    () => connection?.status() ?? CONNECTING,
    () => CONNECTING,
  )
}

/** Whether there is room for results. */
export function useStorageNotice(): StorageNotice {
  const storage = useLive()?.storage
  return useSyncExternalStore(
    storage?.subscribe ?? unwatched,
    () => storage?.value() ?? ROOM_ENOUGH,
    () => ROOM_ENOUGH,
  )
}

/** `select` returns a primitive or a part that keeps its identity. */
export function useVital<Value>(
  groupId: string,
  select: (vitals: CardVitals | undefined) => Value,
): Value {
  const vitals = useLive()?.vitals
  return useSyncExternalStore(
    vitals?.subscribe ?? unwatched,
    () => select(vitals?.of(groupId)),
    () => select(undefined),
  )
}

/** How many rows of the wall stand so; `all` counts every row. */
export function useCount(standing: Standing | 'all'): number {
  const vitals = useLive()?.vitals
  const count = () => {
    const counts = vitals?.counts() ?? NO_COUNTS
    if (standing !== 'all') return counts[standing]
    return Object.values(counts).reduce((sum, n) => sum + n, 0)
  }
  return useSyncExternalStore(vitals?.subscribe ?? unwatched, count, () => 0)
}

/** A figure of one target's results; `select` returns a primitive. */
export function useRing<Value>(
  groupId: string,
  n: number,
  select: (ring: SampleRing | undefined) => Value,
): Value {
  const samples = useLive()?.samples
  const subscribe = useCallback(
    (callback: () => void) => samples?.watch(groupId, n, callback) ?? unwatched(),
    [samples, groupId, n],
  )
  return useSyncExternalStore(
    subscribe,
    () => select(samples?.ring(groupId, n)),
    () => select(undefined),
  )
}

/** Renders anew at this pace, for figures that change by time alone. */
export function useBeat(everyMs: number): void {
  const [, setBeats] = useState(0)
  useEffect(() => {
    return beatOnScreen(everyMs, () => setBeats((beats) => beats + 1))
  }, [everyMs])
}
