import { describe, expect, it } from 'vitest'
import { createActiveProbe, noticeOutcome } from '../../../../worker/probers/icmp/active-probe.ts'
import { IDENTIFIERS } from '../../../../worker/probers/icmp/packet.ts'
import { probeOf } from '../probing.ts'

const LOST = { kind: 'lost' } as const
const REPLY = { kind: 'reply', rttUs: 1 } as const

function activeProbe() {
  const active = createActiveProbe(probeOf({ id: 1 }))
  if (!active) throw new Error('not an address')
  return active
}

function lose(active: ReturnType<typeof activeProbe>, times: number, fromMs: number): number[] {
  return Array.from({ length: times }, (_, index) => {
    noticeOutcome(active, LOST, fromMs + index * 1_000)
    return active.lane
  })
}

describe('the identifier of a probe', () => {
  it('stays while losses are few or broken by a reply', () => {
    const active = activeProbe()
    lose(active, 4, 0)
    noticeOutcome(active, REPLY, 4_000)
    expect(lose(active, 4, 5_000)).toEqual([0, 0, 0, 0])
  })

  it('changes after five losses in a row, and again after five more', () => {
    expect(lose(activeProbe(), 10, 0)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 2])
  })

  it('is one that rested more than the 30 s of a firewall, however fast the losses come', () => {
    const active = activeProbe()
    const leftAtMs = new Map<number, number>()
    for (let atMs = 0; atMs < 200_000; atMs += 200) {
      const { lane } = active
      noticeOutcome(active, LOST, atMs)
      if (active.lane === lane) continue
      leftAtMs.set(lane, atMs)
      expect(atMs - (leftAtMs.get(active.lane) ?? -60_000)).toBeGreaterThanOrEqual(30_000)
    }
    expect(leftAtMs.size).toBe(IDENTIFIERS)
  })

  it('stays when somebody on the path refuses the echo: packets pass', () => {
    const active = activeProbe()
    for (let atMs = 0; atMs < 60_000; atMs += 1_000) {
      noticeOutcome(active, { kind: 'unreachable', code: 1, from: '10.0.0.1' }, atMs)
    }
    expect(active.lane).toBe(0)
  })

  it('is not given to what is no address', () => {
    expect(createActiveProbe(probeOf({ id: 1, address: 'example.org' }))).toBeUndefined()
  })
})
