// Travels in time: shows the wall of any earlier moment, and plays it forward from there.
import { QueryClient } from '@tanstack/react-query'
import type { Live } from './live-provider.tsx'
import { createPastPlayer } from './past-player.ts'
import { readPastWall, showPastWall } from './past-wall.ts'
import { createSampleStore, type SampleStore } from './sample-store.ts'
import { beatOnScreen } from './screen-beat.ts'
import { createStorageNotice } from './storage-notice.ts'
import { createTravelledClock } from './travelled-clock.ts'
import { createVitalsStore, type VitalsStore } from './vitals-store.ts'
import { createWatched, type Watched } from './watched.ts'

const BEAT_MS = 100
/** The last seconds are still coming in. */
const NEAREST_MS = 3_000

export type Travelled = {
  /** Undefined until the first moment is there. */
  atMs: number | undefined
  /** Where we are going, while it is being read. */
  goingToMs: number | undefined
  speed: number
  isPlaying: boolean
  fault: unknown
}

export type Travel = {
  /** What the components of a wall read, as they do of the present. */
  live: Live
  client: QueryClient
  travelled: Watched<Travelled>
  go(ms: number): void
  play(speed: number): void
  pause(): void
  close(): void
}

type TravelOptions = {
  /** The present, in ms. */
  presentMs(): number
  /** Playing has reached it. */
  onPresent(): void
}

export function createTravel({ presentMs, onPresent }: TravelOptions): Travel {
  const closing = new AbortController()
  const { signal } = closing
  const clock = createTravelledClock(0)
  const samples = createSampleStore(requestAnimationFrame)
  /** Up to here it was told what happened: the clock of all that is shown. */
  let toldMs = 0
  const vitals = createVitalsStore(samples, () => toldMs)
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, structuralSharing: false } },
  })
  const travelled = createWatched<Travelled>({
    ...{ atMs: undefined, goingToMs: undefined, fault: undefined },
    ...{ speed: 1, isPlaying: false },
  })
  const player = createPastPlayer({ client, samples, signal, latestMs, onFed })
  /** Until then the same cards stand on the wall. */
  let untilMs = Number.POSITIVE_INFINITY
  const stopBeat = beatOnScreen(BEAT_MS, beat)

  return {
    live: liveOfPast(() => toldMs, samples, vitals),
    client,
    travelled,
    go,
    play(speed) {
      clock.limit(horizonMs())
      clock.run(speed)
      put({ speed, isPlaying: true })
    },
    pause() {
      clock.run(0)
      put({ isPlaying: false })
    },
    close() {
      closing.abort()
      stopBeat()
      vitals.close()
      client.clear()
    },
  }

  function go(ms: number): void {
    const isGoing = goal() !== undefined
    put({ goingToMs: Math.min(ms, latestMs()) })
    // One reading after the other: a slider that is drawn shows what it passes.
    if (!isGoing) void travel()
  }

  async function travel(): Promise<void> {
    for (let ms = goal(); ms !== undefined; ms = goal()) {
      try {
        arrive(ms, await readPastWall(ms, signal))
      } catch (fault) {
        clock.run(0)
        put({ fault, goingToMs: undefined, isPlaying: false })
      }
    }
  }

  function arrive(ms: number, wall: Awaited<ReturnType<typeof readPastWall>>): void {
    if (signal.aborted) return
    untilMs = wall.untilMs
    player.begin(
      wall.groups.flatMap(({ group }) => group?.id ?? []),
      ms,
    )
    clock.limit(ms)
    clock.put(ms)
    toldMs = ms
    showPastWall({ client, samples }, wall)
    const isThere = goal() === ms
    put({ atMs: ms, fault: undefined, ...(isThere && { goingToMs: undefined }) })
  }

  function goal(): number | undefined {
    return signal.aborted ? undefined : travelled.value().goingToMs
  }

  function beat(): void {
    const { isPlaying, speed } = travelled.value()
    if (!isPlaying || goal() !== undefined) return
    const nowMs = clock.nowMs()
    player.proceed(nowMs, speed)
    toldMs = nowMs
    put({ atMs: nowMs })
    if (nowMs >= latestMs()) onPresent()
    else if (nowMs >= untilMs) go(untilMs)
  }

  function onFed(fault?: unknown): void {
    clock.limit(horizonMs())
    put({ fault })
  }

  // No card is shown further than all of them are known.
  function horizonMs(): number {
    return Math.min(untilMs, player.horizonMs())
  }

  function latestMs(): number {
    return presentMs() - NEAREST_MS
  }

  function put(change: Partial<Travelled>): void {
    travelled.put({ ...travelled.value(), ...change })
  }
}

function liveOfPast(nowMs: () => number, samples: SampleStore, vitals: VitalsStore): Live {
  const undo = () => () => {}
  const status = { transport: 'connecting', isStale: false } as const
  const connection = {
    follow: undo,
    subscribe: undo,
    status: () => status,
    nowMs,
    clockMs: nowMs,
    ageMs: () => 0,
  }
  const strips = { see: undo, hear() {}, close() {} }
  return { isPast: true, connection, samples, vitals, strips, storage: createStorageNotice() }
}
