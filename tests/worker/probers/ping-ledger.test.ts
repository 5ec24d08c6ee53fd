import { describe, expect, it } from 'vitest'
import type { EchoResult } from '../../../worker/prober.ts'
import { createPingLedger } from '../../../worker/probers/ping-ledger.ts'
import { readPingLine } from '../../../worker/probers/ping-output.ts'

function openLedger({ timeoutMs = 1_000, firstSequence = 1 } = {}) {
  const results: EchoResult[] = []
  const probe = {
    id: 7,
    address: '10.0.0.1',
    intervalMs: 1_000,
    timeoutMs,
    payloadBytes: 56,
    ttl: 64,
    dscp: 0,
    dontFragment: false,
  }
  const ledger = createPingLedger({
    probe,
    firstSequence,
    startedAtMs: 0,
    onResult: (result) => results.push(result),
  })
  return {
    ledger,
    results,
    hear(text: string, atMs: number) {
      const line = readPingLine(text)
      if (line) ledger.enter(line, atMs)
    },
    kinds: () => results.map(({ outcome }) => outcome.kind),
  }
}

const replyLine = (sequence: number, rttMs: number) =>
  `64 bytes from 10.0.0.1: icmp_seq=${sequence} ttl=64 time=${rttMs} ms`

describe('ping ledger', () => {
  it('gives a reply with the time at which it was sent', () => {
    const { hear, results } = openLedger()
    hear(replyLine(1, 20), 25)
    expect(results).toEqual([
      { probeId: 7, sentSteadyMs: 5, outcome: { kind: 'reply', rttUs: 20_000 } },
    ])
  })

  it('calls an echo lost once its timeout has passed, and only then', () => {
    const { ledger, hear, kinds, results } = openLedger({ timeoutMs: 3_000 })
    hear('no answer yet for icmp_seq=1', 1_000)
    ledger.settleDue(2_900)
    expect(kinds()).toEqual([])
    ledger.settleDue(3_600)
    expect(results[0]).toEqual({ probeId: 7, sentSteadyMs: 0, outcome: { kind: 'lost' } })
  })

  it('takes a reply that comes within its timeout after later echoes were sent', () => {
    const { hear, kinds } = openLedger({ timeoutMs: 3_000 })
    hear('no answer yet for icmp_seq=1', 1_000)
    hear('no answer yet for icmp_seq=2', 2_000)
    hear(replyLine(1, 2_400), 2_400)
    expect(kinds()).toEqual(['reply'])
  })

  it('counts a reply after its timeout as late and keeps the loss', () => {
    const { ledger, hear, kinds } = openLedger()
    hear('no answer yet for icmp_seq=1', 1_000)
    ledger.settleDue(1_600)
    hear(replyLine(1, 1_700), 1_700)
    expect(kinds()).toEqual(['lost'])
    expect(ledger.counters()).toMatchObject({ sent: 1, late: 1, duplicates: 0 })
  })

  it('finds losses in the gaps of the sequence where ping does not name them', () => {
    const { ledger, hear, kinds } = openLedger({ firstSequence: 0 })
    hear('64 bytes from 10.0.0.1: seq=0 ttl=64 time=1 ms', 1)
    hear('64 bytes from 10.0.0.1: seq=3 ttl=64 time=1 ms', 3_001)
    ledger.settleDue(3_501)
    expect(kinds()).toEqual(['reply', 'reply', 'lost', 'lost'])
  })

  it('finds the losses of a host that never answers from the rhythm alone', () => {
    const { ledger, results } = openLedger()
    for (let atMs = ledger.dueMs(); atMs < 10_000; atMs = ledger.dueMs()) ledger.settleDue(atMs)
    expect(results.map(({ sentSteadyMs }) => sentSteadyMs)).toEqual([
      0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000,
    ])
  })

  it('gives no result for an echo that could not leave', () => {
    const { ledger, hear, kinds } = openLedger()
    hear(replyLine(1, 1), 1)
    hear('ping: sendmsg: Network is unreachable', 1_002)
    hear('no answer yet for icmp_seq=2', 2_001)
    hear(replyLine(3, 1), 2_002)
    ledger.settleDue(2_900)
    expect(kinds()).toEqual(['reply', 'reply'])
    expect(ledger.counters()).toMatchObject({ sent: 2, unsent: 1 })
  })

  it('tells who said that a host is unreachable', () => {
    const { hear, results } = openLedger()
    hear('From 10.0.0.254 icmp_seq=1 Destination Host Unreachable', 30)
    const outcome = { kind: 'unreachable', from: '10.0.0.254', code: 1 }
    expect(results).toMatchObject([{ outcome }])
  })

  it('gives one outcome an echo, however often ping speaks of it', () => {
    const { ledger, hear, kinds } = openLedger()
    hear(replyLine(1, 1), 1)
    hear(`${replyLine(1, 2)} (DUP!)`, 2)
    hear('no answer yet for icmp_seq=1', 1_000)
    ledger.settleDue(1_900)
    expect(kinds()).toEqual(['reply'])
    expect(ledger.counters()).toMatchObject({ sent: 1, duplicates: 1 })
  })

  it('goes on when the sequence wraps', () => {
    const { ledger, hear, kinds } = openLedger({ firstSequence: 65_534 })
    for (const [index, sequence] of [65_534, 65_535, 0, 1].entries()) {
      hear(replyLine(sequence, 1), index * 1_000 + 1)
    }
    ledger.settleDue(3_900)
    expect(kinds()).toEqual(['reply', 'reply', 'reply', 'reply'])
  })
})
