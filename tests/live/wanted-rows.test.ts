import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { until } from '../support/until.ts'
import { AT, follow, SNAPSHOT } from './held-group.ts'

describe('a followed group that is asked for results', () => {
  it('answers what is asked for once nothing is missing, and only then', async () => {
    const { group, sent, answer, wanted, strips } = follow()
    group.want([2, 1])
    group.want([1])
    expect(wanted).toEqual([])
    answer(AT[1] ?? '')
    await until(() => wanted.length === 1)
    strips.shift()?.(['strips', 'more strips'])
    await until(() => sent.length === 3)
    expect(wanted).toEqual([[1, 2]])
    expect(sent).toEqual([SNAPSHOT, 'strips', 'more strips'])
  })

  it('reads again what was asked for before a gap, after the snapshot that closes it', async () => {
    const { group, sent, answer, wanted, strips, isAsked } = follow()
    group.want([1])
    answer(AT[1] ?? '')
    await until(() => wanted.length === 1)
    group.miss()
    group.resync()
    strips.shift()?.(['from before the gap'])
    await isAsked(2)
    answer(AT[2] ?? '')
    await until(() => wanted.length === 2)
    strips.shift()?.(['strips'])
    await until(() => sent.length === 3)
    expect(sent).toEqual([SNAPSHOT, SNAPSHOT, 'strips'])
  })

  it('answers nothing while rights are in doubt, nor ever after the end', async () => {
    const { group, sent, answer, state, wanted, strips } = follow()
    group.want([1])
    answer(AT[1] ?? '')
    await until(() => wanted.length === 1)
    state.maySend = false
    strips.shift()?.(['read in time, too late to be sent'])
    await until(() => sent.length === 1)
    state.maySend = true
    group.resync()
    await until(() => wanted.length === 2)
    group.stop()
    strips.shift()?.(['too late'])
    group.want([2])
    await new Promise(setImmediate)
    expect(sent).toEqual([SNAPSHOT])
    expect(wanted).toHaveLength(2)
  })

  it('tries again after what was asked for could not be read', async () => {
    const { group, sent, answer, wanted, strips, failures } = follow()
    group.want([1])
    answer(AT[1] ?? '')
    await until(() => wanted.length === 1)
    strips.shift()
    failures.shift()?.(new Error('the database is away'))
    await until(() => wanted.length === 2)
    strips.shift()?.(['strips'])
    await until(() => sent.length === 2)
  })

  it('lets go of a reader who asks for more than any screen shows', () => {
    const { group } = follow()
    const ask = () => {
      for (let i = 0; i < 3_000; i += 1) group.want([i])
    }
    expect(ask).toThrow(AppError)
  })
})
