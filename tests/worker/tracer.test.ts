import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Hop } from '#lib/db/schema.ts'
import { EVERY_NETWORK } from '#lib/targets/networks.ts'
import type { Outcome, Probe } from '../../worker/prober.ts'
import { createTracer, pathOf, type Tracer } from '../../worker/tracer.ts'

describe('the tracer', () => {
  let started: Probe[]
  let running: Set<number>
  let tracer: Tracer
  let paths: Hop[][]
  beforeEach(() => {
    vi.useFakeTimers()
    started = []
    running = new Set()
    paths = []
    const prober = {
      start(probes: Probe[]) {
        started.push(...probes)
        for (const { id } of probes) running.add(id)
      },
      stop(ids: number[]) {
        for (const id of ids) running.delete(id)
      },
    }
    tracer = createTracer({ prober, policy: EVERY_NETWORK })
  })
  afterEach(() => {
    tracer.close()
    expect([running.size, vi.getTimerCount()]).toEqual([0, 0])
    vi.useRealTimers()
  })

  const look = (address: string) => tracer.trace(address, (path) => void paths.push(path))
  const tell = (probe: Probe, outcome: Outcome) =>
    tracer.sift([{ probeId: probe.id, sentSteadyMs: 0, outcome }])

  it('sends one echo of each TTL, keeps their results, and is over when all have come', async () => {
    look('127.0.0.1')
    expect(started.map(({ ttl }) => ttl)).toEqual([...Array(30).keys()].map((i) => i + 1))
    for (const probe of started) {
      expect(tell(probe, { kind: 'reply', rttUs: 10 })).toEqual([])
    }
    expect(paths).toEqual([[{ ttl: 1, from: '127.0.0.1' }]])
    expect(running.size).toBe(0)
  })

  it('hands on what it did not send', () => {
    const other = { probeId: 7, sentSteadyMs: 0, outcome: { kind: 'lost' } as const }
    look('127.0.0.1')
    expect(tracer.sift([other])).toEqual([other])
  })

  it('begins five ways a second, however many are asked for, and forgets those beyond', async () => {
    for (let i = 0; i < 1_000; i += 1) look(`127.0.${i >> 8}.${i & 255}`)
    const ways = () => new Set(started.map(({ address }) => address)).size
    await vi.advanceTimersByTimeAsync(1_990)
    expect(ways()).toBe(10)
    await vi.advanceTimersByTimeAsync(200_000)
    expect(ways()).toBeLessThanOrEqual(302)
    expect(paths).toHaveLength(ways())
    expect(running.size).toBe(0)
  })

  it('looks at nothing that may not be pinged, and at no name', () => {
    for (const address of ['224.0.0.1', '0.0.0.0', 'core.example']) look(address)
    expect(started).toEqual([])
  })
})

describe('a path', () => {
  const router = (from: string): Outcome => ({ kind: 'ttl-exceeded', from })
  const path = (...outcomes: Outcome[]) =>
    pathOf('127.0.0.9', new Map(outcomes.map((outcome, i) => [i + 1, outcome])))
  const LOST: Outcome = { kind: 'lost' }

  it('ends with the last that said anything', () => {
    expect(path(router('127.0.0.1'), LOST, router('127.0.0.3'), LOST, LOST)).toEqual([
      { ttl: 1, from: '127.0.0.1' },
      { ttl: 2, from: null },
      { ttl: 3, from: '127.0.0.3' },
    ])
    expect(path(LOST, LOST)).toEqual([])
  })

  it('ends where the host answers, or where somebody says that there is no way', () => {
    const REPLY: Outcome = { kind: 'reply', rttUs: 1 }
    expect(path(router('127.0.0.1'), REPLY, REPLY)).toHaveLength(2)
    const unreachable: Outcome = { kind: 'unreachable', from: '127.0.0.2', code: 1 }
    expect(path(router('127.0.0.1'), unreachable, unreachable).at(-1)).toEqual({
      ttl: 2,
      from: '127.0.0.2',
      code: 1,
    })
  })
})
