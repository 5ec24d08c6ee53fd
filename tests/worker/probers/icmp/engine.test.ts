import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../../worker/prober.ts'
import type { ActiveProbe } from '../../../../worker/probers/icmp/active-probe.ts'
import { createEngine } from '../../../../worker/probers/icmp/engine.ts'
import type { Flight } from '../../../../worker/probers/icmp/flights.ts'
import { steadyMs } from '../../../../worker/probers/icmp/libc.ts'
import type { Answer } from '../../../../worker/probers/icmp/packet.ts'
import type { Road } from '../../../../worker/probers/icmp/road.ts'
import { until } from '../../../support/until.ts'
import { probeOf } from '../probing.ts'

const ROUNDS = 20
const COMERS = 2_000

/** A road without packets: what is sent is noted, what arrives is said by the test. */
function engineOnPaper() {
  const sent: Flight<ActiveProbe>[] = []
  const arriving: { answer: Answer; arrivedMs: number }[] = []
  const outcomes: Outcome[] = []
  const paper = { unreadSinceMs: Number.POSITIVE_INFINITY, isOpen: true }
  const road: Road = {
    family: 4,
    kind: 'raw',
    send(flight) {
      flight.sentMs = steadyMs()
      if (paper.isOpen) sent.push({ ...flight })
      return paper.isOpen
    },
    hear(onArrival) {
      const nowMs = steadyMs()
      for (const { answer, arrivedMs } of arriving.splice(0)) onArrival(answer, arrivedMs)
      return Math.min(nowMs, paper.unreadSinceMs)
    },
    drops: () => 0,
    droppedAtMs: () => Number.NEGATIVE_INFINITY,
    close: () => {},
  }
  let word = 1
  const onResult = (_id: number, _sentMs: number, outcome: Outcome) => void outcomes.push(outcome)
  const engine = createEngine({ roads: [road], drawNonce: () => word++, onResult })
  return { engine, sent, arriving, outcomes, paper }
}

describe('the engine', () => {
  it('calls an echo lost only when all that came before its time was up has been read', async () => {
    const { engine, sent, arriving, outcomes, paper } = engineOnPaper()
    engine.start([probeOf({ id: 1, intervalMs: 3_600_000, timeoutMs: 30 })])
    engine.turn()
    paper.unreadSinceMs = steadyMs() + 10
    await pause(100)
    engine.turn()
    expect(outcomes).toEqual([])

    const [echo] = sent
    if (!echo) throw new Error('nothing was sent')
    arriving.push({ answer: { kind: 'reply', ...echo }, arrivedMs: echo.sentMs + 20 })
    paper.unreadSinceMs = Number.POSITIVE_INFINITY
    await until(() => engine.turn() > 0 && outcomes.length > 0)
    expect(outcomes).toEqual([{ kind: 'reply', rttUs: 20_000 }])
  })

  it('counts a second reply, and a reply after the loss, and takes neither for a result', async () => {
    const { engine, sent, arriving, outcomes } = engineOnPaper()
    engine.start([probeOf({ id: 1, intervalMs: 3_600_000, timeoutMs: 30 })])
    engine.turn()
    await until(() => engine.turn() > 0 && outcomes.length > 0)
    const [echo] = sent
    if (!echo) throw new Error('nothing was sent')
    for (const afterMs of [400, 500]) {
      arriving.push({ answer: { kind: 'reply', ...echo }, arrivedMs: echo.sentMs + afterMs })
    }
    await until(() => engine.turn() > 0 && engine.counters().duplicates > 0)
    expect(engine.counters()).toMatchObject({ sent: 1, late: 1, duplicates: 1 })
    expect(outcomes).toEqual([{ kind: 'lost' }])
  })

  it('reads on at the next turn while answers are left unread, else rests', async () => {
    const { engine, paper } = engineOnPaper()
    engine.start([probeOf({ id: 1, intervalMs: 3_600_000 })])
    paper.unreadSinceMs = 0
    expect(engine.turn()).toBeLessThan(20)
    paper.unreadSinceMs = Number.POSITIVE_INFINITY
    await until(() => engine.turn() > 20)
  })

  it('sends what fell due in a short standstill little by little, not in a burst', async () => {
    const { engine, sent } = engineOnPaper()
    const probes = Array.from({ length: 1_000 }, (_, i) =>
      probeOf({ id: i + 1, intervalMs: 1_000 }),
    )
    engine.start(probes)
    // In their first second echoes are closer together.
    await until(() => engine.turn() > 0 && sent.length > 2_500, 20_000)
    const fullest: number[] = []
    for (let round = 0; round < 3; round += 1) {
      await pause(300)
      const before = sent.length
      engine.turn()
      fullest.push(sent.length - before)
    }
    // A turn is 16 ms, and arrears leave at twice the rate.
    expect(Math.max(...fullest)).toBeLessThan(40)
    expect(Math.max(...fullest)).toBeGreaterThan(20)
    await until(() => engine.turn() > 0 && sent.length > 4_000, 20_000)
  })

  it('keeps nothing of thousands of probes that came and went', () => {
    const { engine, paper } = engineOnPaper()
    // Echoes that left are remembered for their late replies.
    paper.isOpen = false
    comeAndGo(engine)
    const before = usedBytes()
    for (let round = 0; round < ROUNDS; round += 1) comeAndGo(engine)
    expect(engine.counters().unsent).toBeGreaterThan(ROUNDS)
    // A hundred bytes of each that came would be 4 MB.
    expect(usedBytes() - before).toBeLessThan(2_000_000)
  })
})

let nextId = 1

function comeAndGo(engine: ReturnType<typeof engineOnPaper>['engine']): void {
  const probes = Array.from({ length: COMERS }, () => probeOf({ id: nextId++, timeoutMs: 10 }))
  engine.start(probes)
  for (let turn = 0; turn < 20; turn += 1) engine.turn()
  engine.stop(probes.map(({ id }) => id))
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
