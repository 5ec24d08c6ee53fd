import { describe, expect, it } from 'vitest'
import type { PastEvents } from '#lib/live/past-contract.ts'
import { createPastFeed } from '../../app/_data/past-feed.ts'

const iso = (ms: number) => new Date(ms).toISOString()
const TIMEOUT_MS = 1_000

/** Of target 1, at these times in ms. */
function stretch(fromMs: number, toMs: number, results: [number, number][]): PastEvents {
  return {
    from: iso(fromMs),
    to: iso(toMs),
    samples: {
      at: 0,
      n: results.map(() => 1),
      d: results.map(([atMs]) => atMs),
      v: results.map(([, us]) => us),
    },
    events: [],
  }
}

const timesOf = (events: ReturnType<ReturnType<typeof createPastFeed>['release']>) =>
  events.flatMap((event) => (event.type === 'samples.arrived' ? event.samples.d : []))

describe('what is to happen in a group', () => {
  it('happens when it was known: an answer when it came, a loss after its timeout', () => {
    const feed = createPastFeed(0)
    feed.take(
      stretch(0, 10_000, [
        [3_000, 200_000],
        [1_000, -1],
        [2_000, 100_000],
        [2_500, -2],
      ]),
      TIMEOUT_MS,
    )
    expect(feed.horizonMs()).toBe(10_000)
    expect(feed.release(1_999)).toEqual([])
    expect(timesOf(feed.release(2_099))).toEqual([1_000])
    expect(timesOf(feed.release(3_199))).toEqual([2_000, 2_500])
    expect(timesOf(feed.release(9_000))).toEqual([3_000])
    expect(feed.release(10_000)).toEqual([])
  })

  it('keeps what is left of one stretch when the next one comes', () => {
    const feed = createPastFeed(0)
    feed.take(stretch(0, 2_000, [[1_900, 0]]), TIMEOUT_MS)
    feed.take(stretch(2_000, 4_000, [[3_000, 0]]), TIMEOUT_MS)
    expect(timesOf(feed.release(4_000))).toEqual([1_900, 3_000])
  })

  it('tells changes before the results that came with them', () => {
    const feed = createPastFeed(0)
    const event = { type: 'targets.changed' as const, targets: [], removed: [] }
    const told = { ...stretch(0, 2_000, [[900, 0]]), events: [{ at: iso(800), event }] }
    feed.take(told, TIMEOUT_MS)
    expect(feed.release(799)).toEqual([])
    expect(feed.release(1_000).map(({ type }) => type)).toEqual([
      'targets.changed',
      'samples.arrived',
    ])
    expect(feed.release(2_000)).toEqual([])
  })
})
