// Plays a wall's groups forward: fetches ahead what happened, and tells it in its time.
import type { QueryClient } from '@tanstack/react-query'
import { cardsQuery } from './groups.ts'
import { createLiveCache } from './live-cache.ts'
import { readPastEvents } from './past.ts'
import { createPastFeed, type PastFeed } from './past-feed.ts'
import type { SampleStore } from './sample-store.ts'

/** So long a time, as it is watched, is fetched ahead; so much of the past at least and at most. */
const AHEAD_MS = 10_000
const STRETCH_MS = { least: 20_000, most: 300_000 }
/** For less it is not worth asking. */
const SHORTEST_MS = 2_000
/** After a failure the next attempt waits. */
const PATIENCE_MS = 2_000

export type PastPlayer = {
  /** These groups are shown as they were at a time, and nothing of what was fetched before counts. */
  begin(groupIds: readonly string[], atMs: number): void
  /** Tells what has happened, and asks for what comes next. */
  proceed(nowMs: number, speed: number): void
  /** Up to here all of them are known. */
  horizonMs(): number
}

type PlayerOptions = {
  client: QueryClient
  samples: SampleStore
  signal: AbortSignal
  /** The latest time that can be played. */
  latestMs(): number
  /** More is known; or it could not be had. */
  onFed(fault?: unknown): void
}

export function createPastPlayer(options: PlayerOptions): PastPlayer {
  const { client, samples, signal, latestMs, onFed } = options
  const cache = createLiveCache(client, samples)
  const fetching = new Set<PastFeed>()
  let feeds = new Map<string, PastFeed>()
  let restsUntilMs = 0

  return {
    begin(groupIds, atMs) {
      feeds = new Map(groupIds.map((id) => [id, createPastFeed(atMs)]))
    },
    proceed(nowMs, speed) {
      const aheadMs = Math.min(STRETCH_MS.most, Math.max(STRETCH_MS.least, speed * AHEAD_MS))
      for (const [groupId, feed] of feeds) {
        tell(groupId, feed, nowMs)
        if (isHungry(feed, nowMs + aheadMs / 2)) void feedOn(groupId, feed, aheadMs)
      }
    },
    horizonMs: () => Math.min(latestMs(), ...[...feeds.values()].map((feed) => feed.horizonMs())),
  }

  function tell(groupId: string, feed: PastFeed, nowMs: number): void {
    const facts = { type: 'event', topic: `group:${groupId}`, cursor: '' } as const
    for (const event of feed.release(nowMs)) cache.apply({ ...facts, event }, undefined)
  }

  function isHungry(feed: PastFeed, untilMs: number): boolean {
    if (fetching.has(feed) || performance.now() < restsUntilMs) return false
    return feed.horizonMs() < Math.min(untilMs, latestMs() - SHORTEST_MS)
  }

  async function feedOn(groupId: string, feed: PastFeed, aheadMs: number): Promise<void> {
    fetching.add(feed)
    try {
      const fromMs = feed.horizonMs()
      const toMs = Math.min(fromMs + aheadMs, latestMs())
      feed.take(await readPastEvents(groupId, { fromMs, toMs }, signal), timeoutOf(groupId))
      onFed()
    } catch (fault) {
      restsUntilMs = performance.now() + PATIENCE_MS
      if (!signal.aborted) onFed(fault)
    } finally {
      fetching.delete(feed)
    }
  }

  function timeoutOf(groupId: string): number {
    const cards = client.getQueryData(cardsQuery.queryKey) ?? []
    return cards.find(({ id }) => id === groupId)?.parameters.timeout_ms ?? 0
  }
}
