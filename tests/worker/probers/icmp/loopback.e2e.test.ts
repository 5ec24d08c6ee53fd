import { readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import * as libc from '../../../../worker/probers/icmp/libc.ts'
import { createIcmpProber } from '../../../../worker/probers/icmp/prober.ts'
import { until } from '../../../support/until.ts'
import { openProbing, type Probing, probeOf } from '../probing.ts'
import { type Forger, openForger } from './forger.ts'

const TARGET = [127, 77, (process.pid >> 8) & 255, process.pid & 255]

let probing: Probing | undefined
const closing: (() => void)[] = []

afterEach(async () => {
  await probing?.prober.close()
  probing = undefined
  for (const close of closing.splice(0)) close()
})

async function openOrSkip(ctx: TestContext): Promise<Probing> {
  try {
    probing = await openProbing(createIcmpProber)
    return probing
  } catch (error) {
    return ctx.skip(`needs ICMP sockets: ${error instanceof Error ? error.message : error}`)
  }
}

describe('the icmp prober on loopback', () => {
  it('has 1,000 new probes live within 2 s, with no loss', async (ctx) => {
    const { prober, results } = await openOrSkip(ctx)
    const probes = Array.from({ length: 1_000 }, (_, index) =>
      probeOf({ id: index + 1, address: `127.1.${index >> 8}.${index & 255}`, intervalMs: 1_000 }),
    )
    prober.start(probes)
    await until(() => new Set(results.map(({ probeId }) => probeId)).size === 1_000, 10_000)
    expect(results.filter(({ outcome }) => outcome.kind !== 'reply')).toEqual([])
    const { sent, unsent, receiveDrops, duplicates, late } = prober.counters()
    expect({ unsent, receiveDrops, duplicates, late }).toEqual({
      unsent: 0,
      receiveDrops: 0,
      duplicates: 0,
      late: 0,
    })
    expect(sent).toBeGreaterThanOrEqual(1_000)
  })

  it('counts a true second reply as a duplicate and passes over one with another nonce', async (ctx) => {
    const { prober, results } = await openOrSkip(ctx)
    const forger = listenOrSkip(ctx)
    prober.start([probeOf({ id: 1, address: TARGET.join('.') })])
    forger.answer(await until(() => forger.hear()), { nonceShift: 1 })
    forger.answer(await until(() => forger.hear()), { nonceShift: 1 })
    const before = results.length
    await until(() => results.length > before + 2)
    expect(prober.counters().duplicates).toBe(0)
    forger.answer(await until(() => forger.hear()), { nonceShift: 0 })
    await until(() => prober.counters().duplicates === 1)
    expect(results.every(({ outcome }) => outcome.kind === 'reply')).toBe(true)
  })

  it('calls a reply after its timeout late, and its echo lost', async (ctx) => {
    const { prober, results } = await openOrSkip(ctx)
    prober.start([probeOf({ id: 1, timeoutMs: 0.000_1 })])
    await until(() => results.length > 3)
    expect(results.every(({ outcome }) => outcome.kind === 'lost')).toBe(true)
    await until(() => prober.counters().late >= 4)
    expect(prober.counters().duplicates).toBe(0)
  })

  it("carries each probe's TTL, DSCP, don't-fragment and payload size", async (ctx) => {
    const { prober } = await openOrSkip(ctx)
    const listener = listenOrSkip(ctx)
    const address = TARGET.join('.')
    prober.start([
      probeOf({ id: 1, address, ttl: 37, dscp: 46, payloadBytes: 100 }),
      probeOf({ id: 2, address, ttl: 200, dontFragment: true, payloadBytes: 16 }),
    ])
    const seen = new Set<string>()
    await until(() => {
      const header = listener.hear() && listener.header()
      if (header) seen.add(JSON.stringify(header))
      return seen.size === 2
    })
    expect([...seen].map((line) => JSON.parse(line))).toEqual(
      expect.arrayContaining([
        { ttl: 37, dscp: 46, dontFragment: false, payloadBytes: 100 },
        { ttl: 200, dscp: 0, dontFragment: true, payloadBytes: 16 },
      ]),
    )
  })

  it('leaves from the address that it is given, and refuses one that is not its own', async (ctx) => {
    const sources = ['127.3.3.3']
    probing = await openProbing((options) => createIcmpProber({ ...options, sources })).catch(
      (error: Error) => ctx.skip(`needs ICMP sockets: ${error.message}`),
    )
    const { prober, of } = probing
    const listener = listenOrSkip(ctx)
    prober.start([probeOf({ id: 1, address: TARGET.join('.') })])
    await until(() => listener.hear() && listener.source() === sources[0])
    await until(() => of(1).some(({ outcome }) => outcome.kind === 'reply'))
    await expect(
      openProbing((options) => createIcmpProber({ ...options, sources: ['192.0.2.1'] })),
    ).rejects.toThrow('Pings cannot leave from 192.0.2.1 (EADDRNOTAVAIL).')
  })

  it('leaves no socket, thread or file open after close', async (ctx) => {
    const first = await openOrSkip(ctx)
    await first.prober.close()
    const before = openThings()
    for (let round = 0; round < 3; round += 1) {
      const { prober, results } = await openProbing(createIcmpProber)
      prober.start([probeOf({ id: 1 })])
      await until(() => results.length > 0)
      await prober.close()
    }
    await until(() => openThings() <= before, 5_000)
  })

  it('says once that it can no longer work when its socket is gone', async (ctx) => {
    const before = new Set(rawSockets())
    const { prober, failures } = await openOrSkip(ctx)
    const [own] = rawSockets().filter((fd) => !before.has(fd))
    if (!own) return ctx.skip('needs a raw socket')
    libc.close(Number(own))
    await until(() => failures.length > 0)
    prober.start([probeOf({ id: 1 })])
    await prober.close()
    expect(failures.map(({ message }) => message)).toEqual([
      'The ICMP socket cannot be read (EBADF).',
    ])
  })

  it('costs nearly nothing while it has nothing to do', async (ctx) => {
    await openOrSkip(ctx)
    await pause(500)
    const before = process.cpuUsage()
    await pause(2_000)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 2_000_000).toBeLessThan(0.1)
  })
})

function listenOrSkip(ctx: TestContext): Forger {
  const forger = openForger(TARGET) ?? ctx.skip('needs a raw socket to forge replies')
  closing.push(forger.close)
  return forger
}

function openThings(): number {
  return filesLike(/socket|eventfd|eventpoll/).length + readdirSync('/proc/self/task').length
}

function rawSockets(): string[] {
  return filesLike(/^socket:/)
}

function filesLike(target: RegExp): string[] {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return target.test(readlinkSync(`/proc/self/fd/${fd}`))
    } catch {
      return false
    }
  })
}
