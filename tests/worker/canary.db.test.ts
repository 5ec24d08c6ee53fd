import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock as clock } from '#lib/clock.ts'
import { createDatabaseClock } from '#lib/db/database-clock.ts'
import { canaryReadings } from '#lib/db/schema.ts'
import { createLog } from '#lib/log.ts'
import { type Canary, createCanary } from '../../worker/canary.ts'
import { NO_COUNTS, type Probe } from '../../worker/prober.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { probeOf } from './probers/probing.ts'

const OWN_ID = 0

describe('the canary', () => {
  let database: TestDatabase
  let canary: Canary
  let counters = NO_COUNTS
  const pinged = new Map<number, Probe>()
  const prober = {
    start: (probes: Probe[]) => probes.forEach((probe) => void pinged.set(probe.id, probe)),
    stop: (ids: number[]) => ids.forEach((id) => void pinged.delete(id)),
    counters: () => counters,
  }

  beforeEach(async () => {
    pinged.clear()
    counters = NO_COUNTS
    database = await createTestDatabase()
    const databaseClock = createDatabaseClock(clock)
    canary = createCanary({
      db: database.db,
      prober,
      clock,
      databaseClock,
      log: createLog('silent'),
    })
  })
  afterEach(() => database.close())

  const reply = (probeId: number, rttUs: number) => ({
    probeId,
    sentSteadyMs: clock.steadyMs(),
    outcome: { kind: 'reply', rttUs } as const,
  })
  const readings = async () => {
    await canary.close()
    return database.db.select().from(canaryReadings)
  }

  it('pings an address of its own as long as anything is pinged', () => {
    canary.start([])
    expect([...pinged.keys()]).toEqual([])
    canary.start([probeOf({ id: 7 }), probeOf({ id: 8 })])
    expect([...pinged.keys()].sort()).toEqual([OWN_ID, 7, 8])
    expect(pinged.get(OWN_ID)?.address).toBe('127.0.0.1')
    canary.stop([7, 404])
    expect([...pinged.keys()].sort()).toEqual([OWN_ID, 8])
    canary.stop([8])
    expect([...pinged.keys()]).toEqual([])
    canary.start([probeOf({ id: 7 })])
    expect([...pinged.keys()].sort()).toEqual([OWN_ID, 7])
  })

  it('keeps its own results from the samples', () => {
    const others = [reply(7, 20), reply(8, 30)]
    expect(canary.sift([reply(OWN_ID, 5), ...others])).toEqual(others)
    expect(canary.sift(others)).toEqual(others)
  })

  it('stores the floor: its round trips, and how well all echoes were sent and heard', async () => {
    const startedMs = Date.now()
    canary.start([probeOf({ id: 7 })])
    const lost = { ...reply(OWN_ID, 0), outcome: { kind: 'lost' } as const }
    canary.sift([reply(OWN_ID, 90), reply(OWN_ID, 30), reply(OWN_ID, 40.4), lost, reply(7, 9_000)])
    counters = {
      sent: 200,
      late: 3,
      duplicates: 2,
      receiveDrops: 5,
      unsent: 7,
      overdue: 4,
      latenessMs: 100,
    }
    const [reading, ...more] = await readings()
    expect(more).toEqual([])
    expect(reading).toMatchObject({
      sent: 4,
      received: 3,
      minUs: 30,
      medianUs: 40,
      maxUs: 90,
      echoes: 200,
      latenessUs: 500,
      overdue: 4,
      unsent: 7,
      receiveDrops: 5,
      lateReplies: 3,
      duplicates: 2,
    })
    expect(Math.abs((reading?.at.getTime() ?? 0) - startedMs)).toBeLessThan(5_000)
    expect(reading?.endedAt.getTime()).toBeGreaterThanOrEqual(reading?.at.getTime() ?? 0)
  })

  it('tells of a worker that hears nothing of itself: no round trip, and not zero', async () => {
    canary.start([probeOf({ id: 7 })])
    canary.sift([{ ...reply(OWN_ID, 0), outcome: { kind: 'lost' } }])
    const [reading] = await readings()
    expect(reading).toMatchObject({
      sent: 1,
      received: 0,
      minUs: null,
      medianUs: null,
      maxUs: null,
    })
  })

  it('writes nothing while nothing is pinged', async () => {
    expect(await readings()).toEqual([])
  })
})
