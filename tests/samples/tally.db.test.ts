import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { targetRuns } from '#lib/db/schema.ts'
import { readRecent } from '#lib/samples/read.ts'
import { readTallies } from '#lib/samples/tally.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertSample, makeMeasuredGroup, makeProbe } from '../support/measured-group.ts'

const WINDOW_MS = 10_000
const REPLAY = { results: 7, ms: 3_600_000 }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

// Results of one target, `msAgo` and value of each, and what is counted of them.
async function count(host: string, results: [number, number][]) {
  const { db } = database
  const nowMs = Date.now()
  const group = await makeMeasuredGroup(db, [host], new Date(nowMs - 600_000))
  for (const [msAgo, us] of results) {
    await insertSample(db, group.targets[0]?.probeId ?? 0, nowMs - msAgo, us)
  }
  const { series } = await readRecent(db, group.id, REPLAY)
  const [tallied] = await readTallies(db, group.id, { series, windowMs: WINDOW_MS })
  return { tallied, nowMs }
}

describe('counting the window of a strip', () => {
  it('ends with the last result that was told, and leaves out what is older than the window', async () => {
    const { tallied, nowMs } = await count('127.4.0.1', [
      [500, 20],
      [1_500, OUTCOME.lost],
      [10_400, 10],
      [10_500, OUTCOME.lost],
    ])
    expect(tallied).toEqual({
      n: 1,
      sent: 3,
      lost: 1,
      losses: { n: 1, at: [nowMs - 1_500], v: [OUTCOME.lost] },
    })
  })

  it('tells losses one by one where they are few, oldest first, and only counts many', async () => {
    const few = await count('127.4.1.1', [
      [100, OUTCOME.unreachable],
      [300, OUTCOME.lost],
      [200, 7],
    ])
    expect(few.tallied?.losses).toMatchObject({ v: [OUTCOME.lost, OUTCOME.unreachable] })
    const many = await count(
      '127.4.1.2',
      [...Array(9).keys()].map((i) => [i * 100, OUTCOME.lost]),
    )
    expect(many.tallied).toMatchObject({ sent: 9, lost: 9, losses: { at: [], v: [] } })
  })

  it('counts through every run of the target, and nothing of what it did not run for', async () => {
    const { db } = database
    const nowMs = Date.now()
    const ended = new Date(nowMs - 4_000)
    const group = await makeMeasuredGroup(db, ['127.4.2.1'], ended)
    const [target] = group.targets
    const before = await makeProbe(db, '127.4.2.2')
    await db.insert(targetRuns).values({
      targetId: target?.id ?? '',
      probeId: before,
      startedAt: new Date(nowMs - 8_000),
      endedAt: ended,
    })
    for (const ms of [9_000, 7_000, 5_000, 3_000]) await insertSample(db, before, nowMs - ms, 10)
    await insertSample(db, target?.probeId ?? 0, nowMs - 5_000, 20)
    await insertSample(db, target?.probeId ?? 0, nowMs - 1_000, 20)
    const { series } = await readRecent(db, group.id, REPLAY)
    const tallies = await readTallies(db, group.id, { series, windowMs: WINDOW_MS })
    expect(tallies).toMatchObject([{ n: 1, sent: 3, lost: 0 }])
  })

  it('is silent about targets without results', async () => {
    const { db } = database
    const group = await makeMeasuredGroup(db, ['127.4.3.1'], new Date())
    expect(await readTallies(db, group.id, { series: [], windowMs: WINDOW_MS })).toEqual([])
  })
})
