import { afterEach, describe, expect, it } from 'vitest'
import { createLog } from '#lib/log.ts'
import { readPolicy } from '#lib/targets/networks.ts'
import { type Addressing, createAddressing } from '../../worker/addressing.ts'
import type { Probe } from '../../worker/prober.ts'
import type { Resolution } from '../../worker/resolver.ts'
import type { RosterProbe } from '../../worker/roster.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

const PROBE: RosterProbe = {
  id: 1,
  host: 'core.example',
  family: 0,
  intervalMs: 1_000,
  timeoutMs: 1_000,
  payloadBytes: 56,
  ttl: 64,
  dscp: 0,
  dontFragment: false,
}

// Remembers which probes run where, as a prober would.
function createPlaces() {
  const at = new Map<number, string>()
  return {
    at,
    start: (probes: Probe[]) => {
      for (const probe of probes) at.set(probe.id, probe.address)
    },
    stop: (ids: number[]) => {
      for (const id of ids) at.delete(id)
    },
  }
}

describe('addressing', () => {
  const open: Addressing[] = []
  afterEach(() => {
    for (const addressing of open.splice(0)) addressing.close()
  })

  function begin(
    answer: (host: string) => Resolution | Promise<Resolution>,
    denied: string[] = [],
  ) {
    const clock = createManualClock()
    const prober = createPlaces()
    const nameless = createPlaces()
    const policy = readPolicy({ NETWORKS_ALLOWED: [], NETWORKS_DENIED: denied })
    const resolver = { resolve: async (host: string) => answer(host) }
    const log = createLog('silent')
    const moves: string[] = []
    const onPlaced = (probeId: number, address: string) => void moves.push(`${probeId} ${address}`)
    const roles = { resolver, policy, clock, log, prober, nameless, onPlaced }
    const addressing = createAddressing(roles)
    open.push(addressing)
    return { addressing, prober, nameless, clock, moves }
  }

  const found = (...addresses: string[]): Resolution => ({
    kind: 'found',
    addresses,
    ttlSeconds: 60,
  })

  it('pings a name where it is, and moves with it when its record has aged', async () => {
    let address = '127.0.0.1'
    const { addressing, prober, clock, moves } = begin(() => found(address))
    addressing.start([PROBE])
    await until(() => prober.at.get(1) === '127.0.0.1')
    address = '127.0.0.2'
    clock.advance(61_000)
    await until(() => prober.at.get(1) === '127.0.0.2')
    expect(moves).toEqual(['1 127.0.0.1', '1 127.0.0.2'])
  })

  it('stays with its address while that is one of several, in whatever order they come', async () => {
    let asked = 0
    const { addressing, clock, moves } = begin(() => {
      asked += 1
      return asked === 1 ? found('127.0.0.1', '127.0.0.2') : found('127.0.0.2', '127.0.0.1')
    })
    addressing.start([PROBE])
    await until(() => moves.length === 1)
    clock.advance(61_000)
    await until(() => asked === 2)
    expect(moves).toEqual(['1 127.0.0.1'])
  })

  it('lets no name wait for ever behind others that are never answered', async () => {
    const dead = [...Array(200).keys()].map((i) => ({
      ...PROBE,
      id: i + 2,
      host: `dead-${i}.example`,
    }))
    const { addressing, prober, clock } = begin(async (host) => {
      if (host === PROBE.host) return found('127.0.0.1')
      // Time passes only while dead names are waited for: they are due again before all were asked.
      await Promise.resolve()
      clock.advance(1_000)
      return { kind: 'unknown' }
    })
    addressing.start(dead)
    addressing.start([PROBE])
    await until(() => prober.at.has(1))
  })

  it('hands a name that does not exist to the one who says so, and takes it back', async () => {
    let answer: Resolution = { kind: 'none', ttlSeconds: 30 }
    const { addressing, prober, nameless, clock } = begin(() => answer)
    addressing.start([PROBE])
    await until(() => nameless.at.has(1))
    expect(prober.at.size).toBe(0)
    answer = found('127.0.0.1')
    clock.advance(31_000)
    await until(() => prober.at.has(1))
    expect(nameless.at.size).toBe(0)
  })

  it('measures nothing while nobody can say, and stays put when it could be said before', async () => {
    let answer: Resolution = { kind: 'unknown' }
    let asked = 0
    const { addressing, prober, nameless, clock } = begin(() => {
      asked += 1
      return answer
    })
    addressing.start([PROBE])
    await until(() => asked === 1)
    expect([prober.at.size, nameless.at.size]).toEqual([0, 0])
    answer = found('127.0.0.1')
    clock.advance(11_000)
    await until(() => prober.at.has(1))
    answer = { kind: 'unknown' }
    clock.advance(61_000)
    await until(() => asked >= 3)
    expect(prober.at.get(1)).toBe('127.0.0.1')
  })

  it('asks nobody about literals, and starts a thousand of them at once', () => {
    const { addressing, prober } = begin(() => {
      throw new Error('A literal is no question.')
    })
    addressing.start(
      [...Array(1_000).keys()].map((i) => ({
        ...PROBE,
        id: i,
        host: `127.0.${i >> 8}.${i & 255}`,
      })),
    )
    expect(prober.at.size).toBe(1_000)
    addressing.stop([1])
    expect(prober.at.has(1)).toBe(false)
  })

  it('never pings where a name points into a denied network', async () => {
    let asked = 0
    const resolve = () => {
      asked += 1
      return found('127.0.0.1')
    }
    const { addressing, prober } = begin(resolve, ['127.0.0.0/8'])
    addressing.start([PROBE])
    await until(() => asked === 1)
    expect(prober.at.size).toBe(0)
  })

  it('takes the first of several addresses that may be pinged', async () => {
    const { addressing, prober } = begin(() => found('127.0.0.1', '10.0.0.1'), ['127.0.0.0/8'])
    addressing.start([PROBE])
    await until(() => prober.at.get(1) === '10.0.0.1')
  })

  it.each(['224.0.0.1', '255.255.255.255', '0.0.0.0', 'ff02::1', '::'])(
    'hands %s to no prober, as it is no single host',
    async (address) => {
      let asked = 0
      const { addressing, prober } = begin(() => {
        asked += 1
        return found(address)
      })
      addressing.start([{ ...PROBE, id: 2, host: address }, PROBE])
      await until(() => asked === 1)
      expect(prober.at.size).toBe(0)
    },
  )

  it('forgets a stopped probe: a later answer starts nothing', async () => {
    const { addressing, prober, clock } = begin(() => found('127.0.0.1'))
    addressing.start([PROBE, { ...PROBE, id: 2 }])
    await until(() => prober.at.size === 2)
    addressing.stop([1, 2])
    addressing.start([{ ...PROBE, id: 3 }])
    clock.advance(61_000)
    await until(() => prober.at.has(3))
    expect([...prober.at.keys()]).toEqual([3])
  })
})
