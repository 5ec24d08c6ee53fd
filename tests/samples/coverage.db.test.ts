import { describe, expect, it } from 'vitest'
import { byIndex } from '#lib/samples/read.ts'
import { readRates } from '#lib/samples/success-rate.ts'
import { makeConfig } from '../support/factories.ts'
import { makeProbe } from '../support/measured-group.ts'
import { createSetting } from '../support/setting.ts'
import { measure, newHost, second, setRuns, tell } from '../support/told-results.ts'

const { db } = createSetting()

/** The group's figures of the seconds after the floor, asked so many seconds after it. */
async function count(groupId: string, seconds: number, nowSecond = 3_000) {
  const period = { from: second(0), to: second(seconds), now: second(nowSecond) }
  return (await byIndex(db(), (tx) => readRates(tx, { groupId, retention: makeConfig() }, period)))
    .group
}

describe('coverage', () => {
  it('takes the last timeout and second as pending, and counts what came already', async () => {
    const group = await measure(db(), '1 1 . . 1')
    expect(await count(group.id, 10, 5)).toMatchObject({ sent: 3, not_measured: 1, coverage: 0.75 })
    expect(await count(group.id, 10, 5.999)).toMatchObject({ not_measured: 1 })
    expect(await count(group.id, 10, 6)).toMatchObject({ not_measured: 2, coverage: 0.6 })
    expect(await count(group.id, 10, 60)).toMatchObject({ not_measured: 7, coverage: 0.3 })
  })

  it('leaves out the time for which a target was stopped', async () => {
    const group = await measure(db(), '1 1 1 . . . . 1 1')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [
      [probeId, 0, 2],
      [probeId, 7, 9],
    ])
    expect(await count(group.id, 60)).toMatchObject({ sent: 4, not_measured: 0, coverage: 1 })
  })

  it('follows a change of parameters: a result counts in the run in which it was sent', async () => {
    const group = await measure(db(), '1 2 x')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    const slower = await makeProbe(db(), newHost(), { intervalMs: 2_000 })
    await tell(db(), slower, '. 9 9 . 9 . 9')
    await setRuns(db(), id, [
      [probeId, 0, 2],
      [slower, 2, 10],
    ])
    const figures = await count(group.id, 10)
    expect(figures).toMatchObject({ sent: 5, received: 5, not_measured: 1, coverage: 5 / 6 })
    expect(figures.jitter_ms).toBe((1 + 7) / 4 / 1000)
  })

  it('hides no hole of one run behind results too many in another', async () => {
    const group = await measure(db(), '1 1@0.4 1@0.8 1@1.2 . . . . . .')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [
      [probeId, 0, 2],
      [probeId, 5, 7],
    ])
    expect(await count(group.id, 10)).toMatchObject({ sent: 4, not_measured: 2, coverage: 4 / 6 })
  })

  it('counts once what two runs share because the clock was set back between them', async () => {
    const group = await measure(db(), '. . . 1 . . 1')
    const [{ id = '', probeId = 0 } = {}] = group.targets
    await setRuns(db(), id, [
      [probeId, 0, 8],
      [probeId, 2, 10],
      [probeId, 9, 4],
    ])
    expect(await count(group.id, 20)).toMatchObject({ sent: 2, not_measured: 8, coverage: 0.2 })
  })
})

describe('the longest outage', () => {
  const outageOf = async (...lines: string[]) =>
    (await count((await measure(db(), ...lines)).id, 10)).longest_outage_seconds

  it('lasts from the first lost echo to the next answered one', async () => {
    expect(await outageOf('1 x@1.2 x@2.1 u@2.9 5@3.4')).toBe(2.2)
    expect(await outageOf('1 x 1 x x 1 1')).toBe(2)
    expect(await outageOf('1 1 1')).toBe(0)
  })

  it('goes on for an interval after the last loss, at most to the end of the window', async () => {
    expect(await outageOf('1 1 1 1 1 x x')).toBe(2)
    expect(await outageOf('1@7 x@8 x@9.5')).toBe(2)
    expect(await outageOf('1@7 x@8 x@9 x@10')).toBe(2)
  })

  it('is not lengthened by what was not measured', async () => {
    expect(await outageOf('x x . . . . . x 1')).toBe(2)
    expect(await outageOf('x x . . . . . 1 1')).toBe(2)
  })

  it('of a group is that of its worst target, not the sum', async () => {
    expect(await outageOf('x 1 1 1', '1 x x x 1')).toBe(3)
  })
})
