import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { noSamples } from '#lib/samples/contract.ts'
import { createSampleStore, type SampleStore } from '../../app/_data/sample-store.ts'
import { createStripLoader, type StripLoader } from '../../app/_data/strip-loader.ts'

const GROUP = '0195f000-0000-7000-8000-000000000001'
const TOPIC = `group:${GROUP}`
const NOW = Date.parse('2026-01-01T00:10:00.000Z')
const AT = new Date(NOW).toISOString()
const WINDOW_MS = 120_000
const TALLY = { n: [], sent: [], lost: [] }

let asked: number[][]
let samples: SampleStore
let strips: StripLoader

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  samples = createSampleStore(queueMicrotask)
  const connection = { replay: (_: string, n: number[]) => void asked.push(n), nowMs: () => NOW }
  strips = createStripLoader({ samples, connection })
})
afterEach(() => {
  strips.close()
  vi.useRealTimers()
})

function hearSnapshot(tally?: typeof TALLY): void {
  samples.begin(GROUP, { fromMs: NOW, unbrokenToMs: undefined, tally })
  hear()
}

function hear(): void {
  const facts = { topic: TOPIC, at: AT, cursor: AT, complete_from: AT, more: false }
  strips.hear({ type: 'snapshot', ...facts, samples: noSamples(0) })
}
const see = (n: number) => strips.see(GROUP, n, WINDOW_MS)
const settle = () => vi.advanceTimersByTimeAsync(1_000)

describe('rows in sight', () => {
  it('are asked for together, once, after a snapshot of last results', async () => {
    for (const n of [1, 2, 3]) see(n)
    await settle()
    expect(asked).toEqual([])
    hearSnapshot(TALLY)
    await settle()
    see(2)
    await settle()
    expect(asked).toEqual([[1, 2, 3]])
  })

  it('are not asked for where the snapshot replayed everything, nor when out of sight', async () => {
    see(1)
    hearSnapshot()
    await settle()
    const unsee = see(2)
    unsee()
    hearSnapshot(TALLY)
    await settle()
    expect(asked).toEqual([[1]])
  })

  it('come into sight later and are asked for then, those that came are not', async () => {
    hearSnapshot(TALLY)
    see(1)
    await settle()
    samples.load(GROUP, { n: 1, at: 0, step: 0, d: [], v: [] }, NOW - WINDOW_MS)
    see(1)
    see(2)
    await settle()
    expect(asked).toEqual([[1], [2]])
  })

  it('are asked for again after a new beginning of the feed, before which nobody may have heard it', async () => {
    see(1)
    hearSnapshot(TALLY)
    await settle()
    samples.begin(GROUP, { fromMs: NOW, unbrokenToMs: NOW, tally: undefined })
    hear()
    await settle()
    hearSnapshot(TALLY)
    await settle()
    expect(asked).toEqual([[1], [1], [1]])
  })

  it('are asked for in frames of at most two hundred', async () => {
    for (let n = 1; n <= 450; n += 1) see(n)
    hearSnapshot(TALLY)
    await settle()
    expect(asked.map((n) => n.length)).toEqual([200, 200, 50])
  })
})
