import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { systemClock } from '#lib/clock.ts'
import type { Probe, ProberOptions } from '../../../worker/prober.ts'
import { createIcmpProber } from '../../../worker/probers/icmp/prober.ts'
import { createPingCommandProber } from '../../../worker/probers/ping-command.ts'
import { createTcpProber } from '../../../worker/probers/tcp/prober.ts'
import { until } from '../../support/until.ts'
import { probeOf as echoOf, medianOf, openProbing, type Probing, roundTripsUs } from './probing.ts'

const server = createServer((socket) => socket.on('error', () => {}))
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
})
afterAll(() => void server.close())

// The promises of worker/prober.ts, kept by every prober on real packets to loopback.
describe.each([
  ['icmp', createIcmpProber],
  ['ping-command', createPingCommandProber],
  ['tcp', async (options: ProberOptions) => createTcpProber(options)],
] as const)('the prober %s', (name, factory) => {
  let probing: Probing | undefined

  function probeOf(probe: Partial<Probe> & { id: number }): Probe {
    const { port } = server.address() as AddressInfo
    return echoOf({ ...probe, ...(name === 'tcp' && { port }) })
  }

  afterEach(async () => {
    await probing?.prober.close()
    expect(probing?.failures ?? []).toEqual([])
    probing = undefined
  })

  async function openOrSkip(ctx: TestContext): Promise<Probing> {
    try {
      probing = await openProbing(factory)
      return probing
    } catch (error) {
      return ctx.skip(`compared nothing: ${error instanceof Error ? error.message : error}`)
    }
  }

  it('says its name, and measures IPv4 and IPv6 soon after being told to', async (ctx) => {
    const { prober, of } = await openOrSkip(ctx)
    expect(prober.name).toBe(name)
    prober.start([probeOf({ id: 1 }), probeOf({ id: 2, address: '::1' })])
    // The promise is two seconds; a busy machine gets five times as long.
    await until(() => of(1).length > 0 && of(2).length > 0, 10_000)
    const kinds = [...of(1), ...of(2)].map(({ outcome }) => outcome.kind)
    expect(new Set(kinds)).toEqual(new Set(['reply']))
  })

  it('gives each echo one result, at its interval, with its steady time of sending', async (ctx) => {
    const { prober, of } = await openOrSkip(ctx)
    const startedMs = systemClock.steadyMs()
    prober.start([probeOf({ id: 1 })])
    await until(() => of(1).length >= 8, 10_000)
    const times = of(1).map(({ sentSteadyMs }) => sentSteadyMs)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(startedMs - 50)
    expect(Math.max(...times)).toBeLessThanOrEqual(systemClock.steadyMs())
    const gapsMs = times.slice(1).map((time, i) => time - (times[i] ?? 0))
    expect(medianOf(gapsMs)).toBeGreaterThan(150)
    expect(medianOf(gapsMs)).toBeLessThan(250)
  })

  it('measures round trips that loopback can have', async (ctx) => {
    const { prober, of } = await openOrSkip(ctx)
    prober.start([probeOf({ id: 1 })])
    await until(() => of(1).length >= 5, 10_000)
    for (const rttUs of roundTripsUs(of(1))) {
      expect(rttUs).toBeGreaterThan(0)
      expect(rttUs).toBeLessThan(100_000)
    }
  })

  it('sends nothing more for a stopped probe while the others go on', async (ctx) => {
    const { prober, of } = await openOrSkip(ctx)
    prober.start([probeOf({ id: 1 }), probeOf({ id: 2 })])
    await until(() => of(1).length > 1 && of(2).length > 1, 5_000)
    prober.stop([1, 404])
    const stoppedMs = systemClock.steadyMs()
    const others = of(2).length
    await until(() => of(2).length > others + 4, 5_000)
    const latestMs = Math.max(...of(1).map(({ sentSteadyMs }) => sentSteadyMs))
    expect(latestMs).toBeLessThan(stoppedMs + 250)
  })

  it('changes a known probe in place', async (ctx) => {
    const { prober, of } = await openOrSkip(ctx)
    prober.start([probeOf({ id: 1, intervalMs: 3_600_000 })])
    await until(() => of(1).length === 1, 3_000)
    prober.start([probeOf({ id: 1, intervalMs: 200, payloadBytes: 1_400, dscp: 46, ttl: 3 })])
    await until(() => of(1).length > 4, 5_000)
    expect(of(1).every(({ outcome }) => outcome.kind === 'reply')).toBe(true)
  })

  it('never throws for what cannot be pinged, and gives no result for it', async (ctx) => {
    const { prober, of } = await openOrSkip(ctx)
    prober.start([probeOf({ id: 1, address: 'not an address' }), probeOf({ id: 2 })])
    await until(() => of(2).length > 4, 5_000)
    expect(of(1)).toEqual([])
  })

  it('is silent once closed', async (ctx) => {
    const { prober, results } = await openOrSkip(ctx)
    prober.start([probeOf({ id: 1 })])
    await until(() => results.length > 0)
    await prober.close()
    const { length } = results
    prober.start([probeOf({ id: 2 })])
    prober.stop([1])
    await pause(600)
    expect(results).toHaveLength(length)
  })
})
