import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it, type TestContext } from 'vitest'
import type { Outcome } from '../../../../worker/prober.ts'
import { createActiveProbe } from '../../../../worker/probers/icmp/active-probe.ts'
import { createEngine, type Engine } from '../../../../worker/probers/icmp/engine.ts'
import type { Flight } from '../../../../worker/probers/icmp/flights.ts'
import { openRoad, type Road } from '../../../../worker/probers/icmp/road.ts'
import { probeOf } from '../probing.ts'

/** More answers than the 16 MiB of a socket's queue hold. */
const FLOOD = 40_000
const TIMEOUT_MS = 50

const roads: Road[] = []

afterEach(() => {
  for (const road of roads.splice(0)) road.close()
})

function openOrSkip(ctx: TestContext, tag: number): Road {
  const road = openRoad({ family: 4, identifier: tag & 0xffff, tag, source: undefined })
  if ('refusedErrno' in road) return ctx.skip('needs ICMP sockets')
  roads.push(road)
  return road
}

/** Echoes that the engine knows nothing of; on loopback their answers wait at once. */
function flood(road: Road): void {
  const probe = createActiveProbe(probeOf({ id: 99, address: '127.9.9.9' }))
  if (!probe) throw new Error('not an address')
  const facts = {
    nonceHigh: 1,
    nonceLow: 2,
    sentMs: 0,
    timeoutMs: 1_000,
    state: 'waiting' as const,
  }
  for (let number = 0; number < FLOOD; number += 1) {
    const flight: Flight<typeof probe> = { ...facts, probe, number }
    road.send(flight)
  }
}

function createEngineOn(road: Road): { engine: Engine; outcomes: Outcome[] } {
  let word = 7
  const outcomes: Outcome[] = []
  const engine = createEngine({
    roads: [road],
    drawNonce: () => word++,
    onResult: (_id, _sentMs, outcome) => void outcomes.push(outcome),
  })
  return { engine, outcomes }
}

async function turnFor(engine: Engine, milliseconds: number): Promise<void> {
  for (const endMs = performance.now() + milliseconds; performance.now() < endMs; ) {
    engine.turn()
    await pause(5)
  }
}

it('an answer that our own full queue dropped is not measured, and no loss; the next one is heard', async (ctx) => {
  const road = openOrSkip(ctx, 0x0bad_cafe)
  const { engine, outcomes } = createEngineOn(road)
  flood(road)
  engine.start([probeOf({ id: 1, intervalMs: 3_600_000, timeoutMs: TIMEOUT_MS })])
  await turnFor(engine, 4 * TIMEOUT_MS)
  expect(engine.counters().sent).toBe(1)
  expect(engine.counters().receiveDrops).toBeGreaterThan(0)
  expect(outcomes).toEqual([])

  engine.start([probeOf({ id: 2, intervalMs: 3_600_000 })])
  await turnFor(engine, 1_500)
  expect(outcomes).toEqual([{ kind: 'reply', rttUs: expect.any(Number) }])
})

it('answers to other programs take no room in our queue', async (ctx) => {
  const road = openOrSkip(ctx, 0x1234_5678)
  const { engine, outcomes } = createEngineOn(road)
  flood(openOrSkip(ctx, 0x8765_4321))
  engine.start([probeOf({ id: 1, intervalMs: 3_600_000 })])
  await turnFor(engine, 100)
  expect(engine.counters()).toMatchObject({ sent: 1, receiveDrops: 0 })
  expect(outcomes).toEqual([{ kind: 'reply', rttUs: expect.any(Number) }])
})
