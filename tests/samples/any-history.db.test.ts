import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { samples } from '#lib/db/schema.ts'
import { byIndex } from '#lib/samples/read.ts'
import { readRates } from '#lib/samples/success-rate.ts'
import { makeConfig } from '../support/factories.ts'
import { makeMeasuredGroup, makeProbe } from '../support/measured-group.ts'
import { recount } from '../support/recount.ts'
import { createSetting } from '../support/setting.ts'
import { FLOOR, newHost, second, setRuns } from '../support/told-results.ts'

const { db } = createSetting()
const WINDOW_MS = 60_000

// One probe of each interval; a run begins some seconds after the last one's end, or, where the
// clock was set back, before it.
const INTERVALS_MS = [200, 1_000, 5_000]
const run = fc.record({
  probe: fc.nat({ max: INTERVALS_MS.length - 1 }),
  pause: fc.integer({ min: -15, max: 15 }),
  seconds: fc.integer({ min: -3, max: 40 }),
})
// No two leave in one millisecond: which of them was first nobody could say.
const resultsOf = (probe: number) =>
  fc.uniqueArray(
    fc.record({
      ms: fc
        .integer({ min: -1_600, max: 21_600 })
        .map((place) => place * INTERVALS_MS.length + probe),
      us: fc.oneof(fc.integer({ min: -4, max: -1 }), fc.integer({ min: 0, max: 3_000_000 })),
    }),
    { selector: ({ ms }) => ms, maxLength: 60, size: 'max' },
  )
const history = fc.record({
  runs: fc.array(run, { maxLength: 4 }),
  measured: fc.tuple(...INTERVALS_MS.map((_, probe) => resultsOf(probe))),
  nowSecond: fc.integer({ min: -5, max: 90 }),
})

describe('any history of gaps, restarts, changes and clocks set back', () => {
  it('has no rate above 1 nor one without its coverage, and counts each result once', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ runs, measured, nowSecond }) => {
        const { groupId, ran } = await live(runs, measured)
        const period = {
          from: second(0),
          to: second(WINDOW_MS / 1000),
          now: second(nowSecond),
        }
        const { group } = await byIndex(db(), (tx) =>
          readRates(tx, { groupId, retention: makeConfig() }, period),
        )
        const { not_measured, coverage, longest_outage_seconds, ...counted } = group
        const inside = measured.flatMap((of, probe) =>
          of.filter(({ ms }) => ms >= 0 && ms < WINDOW_MS && ran(probe, ms)),
        )
        const rows = inside
          .sort((a, b) => a.ms - b.ms)
          .map(({ ms, us }) => ({ at: String(ms), ms: us < 0 ? null : us / 1000 }))
        expect(counted).toEqual(recount([rows]))
        const due = counted.sent + not_measured
        expect(coverage).toBe(due > 0 ? counted.sent / due : null)
        expect(not_measured).toBeGreaterThanOrEqual(0)
        expect(longest_outage_seconds === null).toBe(counted.sent === 0)
        expect(longest_outage_seconds ?? 0).toBeGreaterThanOrEqual(0)
        const longest = counted.lost > 0 ? WINDOW_MS / 1000 : 0
        expect(longest_outage_seconds ?? 0).toBeLessThanOrEqual(longest)
      }),
      { numRuns: 60 },
    )
  })
})

type Told = { ms: number; us: number }[]

async function live(runs: { probe: number; pause: number; seconds: number }[], measured: Told[]) {
  const made = INTERVALS_MS.map((intervalMs) => makeProbe(db(), newHost(), { intervalMs }))
  const probeIds = await Promise.all(made)
  const group = await makeMeasuredGroup(db(), [newHost()], new Date(FLOOR))
  let last = 0
  const ranges = runs.map(({ probe, pause, seconds }, i) => {
    const from = last + pause + i / 1000
    last = from + seconds
    return { probe, from, to: last }
  })
  await setRuns(
    db(),
    group.targets[0]?.id ?? '',
    ranges.map(({ probe, from, to }) => [probeIds[probe] ?? 0, from, to]),
  )
  const rows = measured.flatMap((of, probe) =>
    of.map(({ ms, us }) => ({
      probeId: probeIds[probe] ?? 0,
      at: new Date(FLOOR + ms),
      rttUs: us,
    })),
  )
  if (rows.length > 0) await db().insert(samples).values(rows)
  const ran = (probe: number, ms: number) =>
    ranges.some(
      (r) => r.probe === probe && ms >= Math.round(r.from * 1000) && ms < Math.round(r.to * 1000),
    )
  return { groupId: group.id, ran }
}
