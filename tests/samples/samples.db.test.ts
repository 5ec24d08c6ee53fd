import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '#lib/db/client.ts'
import { flushes, probes, samples, targetRuns } from '#lib/db/schema.ts'
import { readRecent } from '#lib/samples/read.ts'
import { type Flush, storeFlush } from '#lib/samples/write.ts'
import { OUTCOME } from '#lib/vocabulary.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertSample, makeMeasuredGroup, makeProbe } from '../support/measured-group.ts'

const HOUR_MS = 3_600_000
const REPLAY = { results: 120, ms: 2 * HOUR_MS }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

const store = (flush: Flush) =>
  inTransaction({ db: database.db }, ({ tx }) => storeFlush(tx, flush))
// A whole second a little ago, in every test another one.
let nextMs = Math.floor(Date.now() / 1_000) * 1_000 - HOUR_MS
const aMoment = () => {
  nextMs += 1_000
  return nextMs
}

describe('storing a flush', () => {
  it('announces to each group exactly what it stored for its targets', async () => {
    const { db } = database
    const atMs = aMoment()
    const started = new Date(atMs - 60_000)
    const first = await makeMeasuredGroup(db, ['127.1.0.1', '127.1.0.2'], started)
    const second = await makeMeasuredGroup(db, ['127.1.0.2'], started)
    const [a = 0, b = 0] = first.targets.map((target) => target.probeId)
    const announced = await store({
      probeIds: [a, b],
      atMs: [atMs + 7, atMs],
      rttUs: [83, OUTCOME.lost],
    })
    const byGroup = new Map(announced.map((one) => [one.groupId, one.samples]))
    expect(byGroup.get(second.id)).toEqual({ at: atMs, n: [1], d: [0], v: [-1] })
    expect(byGroup.get(first.id)?.at).toBe(atMs)
    expect(rowsOf(byGroup.get(first.id))).toEqual(new Set(['1 7 83', '2 0 -1']))
    expect(await db.select().from(samples).where(eq(samples.probeId, a))).toEqual([
      { probeId: a, at: new Date(atMs + 7), rttUs: 83 },
    ])
  })

  it('skips the row of a probe that is gone and keeps the others', async () => {
    const { db } = database
    const atMs = aMoment()
    const gone = await makeProbe(db, '127.1.1.1')
    await db.delete(probes).where(eq(probes.id, gone))
    const group = await makeMeasuredGroup(db, ['127.1.1.2'], new Date(atMs - 1_000))
    const kept = group.targets[0]?.probeId ?? 0
    await store({ probeIds: [gone, kept], atMs: [atMs, atMs], rttUs: [1, 2] })
    expect(await db.$count(samples, eq(samples.probeId, gone))).toBe(0)
    expect(await db.$count(samples, eq(samples.probeId, kept))).toBe(1)
  })

  it('tells nobody of what was measured while the target was stopped', async () => {
    const { db } = database
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.1.2.1'], new Date(atMs - 60_000))
    await db.update(targetRuns).set({ endedAt: new Date(atMs - 1) })
    const probeId = group.targets[0]?.probeId ?? 0
    expect(await store({ probeIds: [probeId], atMs: [atMs], rttUs: [5] })).toEqual([])
  })

  it('changes nothing when the same flush is stored again', async () => {
    const { db } = database
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.1.3.1'], new Date(atMs - 1_000))
    const probeId = group.targets[0]?.probeId ?? 0
    const flush = { probeIds: [probeId], atMs: [atMs], rttUs: [5] }
    await store(flush)
    expect(await store(flush)).toHaveLength(1)
    expect(await db.$count(samples, eq(samples.probeId, probeId))).toBe(1)
  })

  it('notes nothing when there was nothing to store', async () => {
    const before = await database.db.$count(flushes)
    expect(await store({ probeIds: [], atMs: [], rttUs: [] })).toEqual([])
    expect(await database.db.$count(flushes)).toBe(before)
  })
})

describe('reading recent results', () => {
  it('gives the last results of each target, oldest first, whoever inserted them', async () => {
    const { db } = database
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.2.0.1', '127.2.0.2'], new Date(atMs - 10_000))
    const [a, b] = group.targets
    await insertSample(db, a?.probeId ?? 0, atMs + 500, 20)
    await insertSample(db, a?.probeId ?? 0, atMs, 10)
    await insertSample(db, b?.probeId ?? 0, atMs + 250, OUTCOME.unreachable)
    const { series } = await readRecent(db, group.id, REPLAY)
    expect(series).toEqual([
      { n: 1, at: [atMs, atMs + 500], v: [10, 20] },
      { n: 2, at: [atMs + 250], v: [-2] },
    ])
  })

  it('leaves out what was measured before the target was added', async () => {
    const { db } = database
    const atMs = aMoment()
    const probeId = await makeProbe(db, '127.2.1.1')
    await insertSample(db, probeId, atMs - 5_000, 10)
    const group = await makeMeasuredGroup(db, ['127.2.1.1'], new Date(atMs))
    await insertSample(db, probeId, atMs + 1, 20)
    const { series } = await readRecent(db, group.id, REPLAY)
    expect(series).toEqual([{ n: 1, at: [atMs + 1], v: [20] }])
  })

  it('cuts at the number of results and says from when it is complete', async () => {
    const { db } = database
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.2.2.1'], new Date(atMs - 1))
    for (let i = 0; i < 5; i += 1)
      await insertSample(db, group.targets[0]?.probeId ?? 0, atMs + i, i)
    const recent = await readRecent(db, group.id, { ...REPLAY, results: 3 })
    expect(recent.series[0]?.v).toEqual([2, 3, 4])
    expect(recent.completeFrom).toBe(new Date(atMs + 2).toISOString())
  })

  it('resumes from a cursor without a hole: what was stored later is read, however old', async () => {
    const { db } = database
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.2.3.1'], new Date(atMs - 60_000))
    const probeId = group.targets[0]?.probeId ?? 0
    const cursor = new Date().toISOString()
    await store({ probeIds: [probeId], atMs: [atMs - 30_000], rttUs: [7] })
    const recent = await readRecent(db, group.id, { ...REPLAY, since: cursor })
    expect(recent.series.flatMap((series) => series.at)).toContain(atMs - 30_000)
    expect(Date.parse(recent.cursor)).toBeGreaterThanOrEqual(Date.parse(cursor))
  })

  it('reads nothing again that is older than every flush since the cursor', async () => {
    const { db } = database
    await db.delete(flushes)
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.2.4.1'], new Date(atMs - 60_000))
    const probeId = group.targets[0]?.probeId ?? 0
    await insertSample(db, probeId, atMs - 30_000, 1)
    await store({ probeIds: [probeId], atMs: [atMs], rttUs: [2] })
    const since = new Date().toISOString()
    const recent = await readRecent(db, group.id, { ...REPLAY, since })
    expect(recent.series.flatMap((series) => series.v)).toEqual([2])
  })

  it('reads everything again from a cursor to come, which no flush can have had', async () => {
    const { db } = database
    const atMs = aMoment()
    const group = await makeMeasuredGroup(db, ['127.2.5.1'], new Date(atMs - 60_000))
    await store({ probeIds: [group.targets[0]?.probeId ?? 0], atMs: [atMs], rttUs: [7] })
    const since = new Date(Date.now() + HOUR_MS).toISOString()
    const recent = await readRecent(db, group.id, { ...REPLAY, since })
    expect(recent.series.flatMap((series) => series.at)).toEqual([atMs])
    expect(Date.parse(recent.completeFrom)).toBeLessThan(atMs)
  })
})

function rowsOf(columns: { n: number[]; d: number[]; v: number[] } | undefined): Set<string> {
  return new Set(columns?.n.map((n, i) => `${n} ${columns.d[i]} ${columns.v[i]}`))
}
