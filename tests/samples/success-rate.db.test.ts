import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { targets } from '#lib/db/schema.ts'
import { showSuccessRate } from '#lib/samples/success-rate.ts'
import { makeContext } from '../support/factories.ts'
import { insertSample, makeMeasuredGroup } from '../support/measured-group.ts'
import { createSetting } from '../support/setting.ts'
import { FLOOR, measure, setRuns } from '../support/told-results.ts'

const DAY_MS = 86_400_000
const { db, channels } = createSetting()

const ask = (groupId: string, floorMs: number | undefined, time_range: number) => {
  const ctx = makeContext({ db: db(), channels, actor: { kind: 'worker' } })
  const floor_time = floorMs === undefined ? undefined : new Date(floorMs)
  return showSuccessRate(ctx, { groupId, floor_time, time_range })
}

describe('the success rate', () => {
  it('tells every figure of each target', async () => {
    const group = await measure(db(), '1000 4000 x u 2500')
    const rate = await ask(group.id, FLOOR, 5)
    expect(rate.targets).toEqual([
      {
        id: group.targets[0]?.id,
        host: expect.stringMatching(/^127\.5/),
        sent: 5,
        received: 3,
        lost: 2,
        not_measured: 0,
        success_rate: 0.6,
        coverage: 1,
        longest_outage_seconds: 2,
        min_ms: 1,
        avg_ms: 2.5,
        max_ms: 4,
        p50_ms: 2.5,
        p95_ms: 4,
        p99_ms: 4,
        jitter_ms: 2.25,
      },
    ])
  })

  it('tells sums over the targets of a group, percentiles over all their results', async () => {
    const group = await measure(db(), '1000 4000 x u 2500', '10000 . 30000 . .')
    const { targets: each, ...rate } = await ask(group.id, FLOOR, 5)
    expect(each).toHaveLength(2)
    expect(rate).toEqual({
      floor_time: new Date(FLOOR).toISOString(),
      time_range: 5,
      sent: 7,
      received: 5,
      lost: 2,
      not_measured: 3,
      success_rate: 5 / 7,
      coverage: 0.7,
      longest_outage_seconds: 2,
      min_ms: 1,
      avg_ms: 9.5,
      max_ms: 30,
      p50_ms: 4,
      p95_ms: 30,
      p99_ms: 30,
      jitter_ms: (3_000 + 1_500 + 20_000) / 3 / 1_000,
    })
  })

  it('has exact edges: what left at the floor is within, what left at the end is not', async () => {
    const group = await measure(db(), 'x@9.999 1@10 2@19.999 x@20')
    const { targets: one } = await ask(group.id, FLOOR + 10_000, 10)
    expect(one).toMatchObject([{ sent: 2, received: 2, lost: 0, not_measured: 8 }])
  })

  it('has no ratio where nothing was measured, and says what was due', async () => {
    const group = await measure(db(), '.')
    const unmeasured = {
      sent: 0,
      received: 0,
      lost: 0,
      not_measured: 60,
      success_rate: null,
      coverage: 0,
      longest_outage_seconds: null,
      p50_ms: null,
    }
    expect(await ask(group.id, FLOOR, 60)).toMatchObject({ ...unmeasured, targets: [unmeasured] })
  })

  it('is empty for times to come, before the group, and without targets', async () => {
    const group = await measure(db(), '1 1 1')
    const none = { sent: 0, received: 0, lost: 0, not_measured: 0 }
    const empty = { ...none, success_rate: null, coverage: null, avg_ms: null, jitter_ms: null }
    const beginning = Date.parse('0001-01-01T00:00:00Z')
    for (const floor of [FLOOR - DAY_MS, Date.now() + DAY_MS, beginning]) {
      expect(await ask(group.id, floor, 3600)).toMatchObject({ ...empty, targets: [empty] })
    }
    const bare = await makeMeasuredGroup(db(), [], new Date(FLOOR))
    expect(await ask(bare.id, FLOOR, 60)).toMatchObject({ ...empty, targets: [] })
  })

  it('ends now without a floor, and is found again by the floor that it told', async () => {
    const group = await measure(db(), '.')
    const probeId = group.targets[0]?.probeId ?? 0
    for (const ms of [100, 1_100, 2_100]) await insertSample(db(), probeId, Date.now() - ms, ms)
    const rate = await ask(group.id, undefined, 120)
    const floor = Date.parse(rate.floor_time)
    expect(Math.abs(Date.now() - 120_000 - floor)).toBeLessThan(10_000)
    expect(rate).toMatchObject({ time_range: 120, sent: 3, success_rate: 1 })
    expect(await ask(group.id, floor, 120)).toMatchObject({ sent: 3, avg_ms: rate.avg_ms })
  })
})

describe('the targets of a success rate', () => {
  it('are those of now in the order of the wall; a restored one brings its history', async () => {
    const group = await measure(db(), '1', 'x')
    const [first = '', second = ''] = group.targets.map(({ id }) => id)
    const change = (set: { position?: number; deletedAt?: Date | null }) =>
      db().update(targets).set(set).where(eq(targets.id, second))
    await change({ position: -1 })
    expect((await ask(group.id, FLOOR, 5)).targets.map(({ id }) => id)).toEqual([second, first])
    await change({ deletedAt: new Date() })
    const without = await ask(group.id, FLOOR, 5)
    expect(without).toMatchObject({ sent: 1, lost: 0, targets: [{ id: first }] })
    await change({ deletedAt: null })
    expect(await ask(group.id, FLOOR, 5)).toMatchObject({ sent: 2, lost: 1 })
  })

  it('see of a host that many measure only the time in which they ran', async () => {
    const group = await measure(db(), '1 2 x 4')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [[probeId, 1, 3]])
    expect(await ask(group.id, FLOOR, 5)).toMatchObject({ sent: 2, lost: 1, max_ms: 0.002 })
  })
})
