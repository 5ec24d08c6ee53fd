// Holds what will happen in a group, and gives it away as the travelled clock comes to it.
import type { PastEvents } from '#lib/live/past-contract.ts'
import type { GroupEvent } from '#lib/live/protocol.ts'
import { noSamples } from '#lib/samples/contract.ts'
import { knownAtMs } from '#lib/samples/known-at.ts'

export type PastFeed = {
  /** Up to here everything is known. */
  horizonMs(): number
  /** The stretch after the horizon; `timeoutMs` is that of the group. */
  take(stretch: PastEvents, timeoutMs: number): void
  /** What has happened up to now and was not given before, in its order. */
  release(nowMs: number): GroupEvent[]
}

type Coming = { knownMs: number; n: number; atMs: number; us: number }

export function createPastFeed(fromMs: number): PastFeed {
  let horizonMs = fromMs
  let results: Coming[] = []
  let events: { ms: number; event: GroupEvent }[] = []

  return {
    horizonMs: () => horizonMs,
    take({ to, samples, events: told }, timeoutMs) {
      const coming = samples.n.map((n, i): Coming => {
        const atMs = samples.at + (samples.d[i] ?? 0)
        const us = samples.v[i] ?? 0
        return { knownMs: knownAtMs(atMs, us, timeoutMs), n, atMs, us }
      })
      results = [...results, ...coming].sort((a, b) => b.knownMs - a.knownMs)
      events = [...events, ...told.map(({ at, event }) => ({ ms: Date.parse(at), event }))]
      horizonMs = Date.parse(to)
    },
    release(nowMs) {
      const happened = events.filter(({ ms }) => ms <= nowMs).map(({ event }) => event)
      if (happened.length > 0) events = events.filter(({ ms }) => ms > nowMs)
      const samples = noSamples(0)
      // The next one stands last, where it is taken away most cheaply.
      for (let next = results.at(-1); next && next.knownMs <= nowMs; next = results.at(-1)) {
        samples.n.push(next.n)
        samples.d.push(next.atMs)
        samples.v.push(next.us)
        results.pop()
      }
      return samples.n.length > 0 ? [...happened, { type: 'samples.arrived', samples }] : happened
    },
  }
}
