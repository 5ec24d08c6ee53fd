import { describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { AT, follow, SNAPSHOT } from './held-group.ts'

describe('a followed group', () => {
  it('begins with a snapshot from where the reader was, then its events', async () => {
    const { group, sent, asked, answer } = follow(AT[0])
    group.deliver('before', AT[0] ?? '')
    group.resync()
    answer(AT[1] ?? '')
    await until(() => sent.length === 1)
    group.deliver('event', AT[2] ?? '')
    expect(sent).toEqual([SNAPSHOT, 'event'])
    expect(asked).toEqual([AT[0]])
  })

  it('keeps events back until the snapshot on its way is through', async () => {
    const { group, sent, answer } = follow()
    group.resync()
    group.deliver('event', AT[2] ?? '')
    expect(sent).toEqual([])
    answer(AT[1] ?? '')
    await until(() => sent.length === 2)
    expect(sent).toEqual([SNAPSHOT, 'event'])
  })

  it('reads again from the last event sent when the reader fell behind', async () => {
    const { group, sent, asked, answer, state, isAsked } = follow()
    group.resync()
    answer(AT[1] ?? '')
    await until(() => sent.length === 1)
    group.deliver('one', AT[2] ?? '')
    state.isRoomy = false
    group.deliver('dropped', AT[3] ?? '')
    state.isRoomy = true
    group.deliver('dropped too', AT[3] ?? '')
    group.resync()
    await isAsked(2)
    expect(asked[1]).toBe(AT[2])
    expect(sent).toEqual([SNAPSHOT, 'one'])
  })

  it('sends nothing of a snapshot read before rights were put in doubt', async () => {
    const { group, sent, asked, answer, state, isAsked } = follow()
    group.resync()
    state.maySend = false
    group.miss()
    answer(AT[1] ?? '')
    group.deliver('event', AT[2] ?? '')
    state.maySend = true
    group.resync()
    await isAsked(2)
    expect(sent).toEqual([])
    answer(AT[3] ?? '')
    await until(() => sent.length === 1)
    expect(asked).toHaveLength(2)
  })

  it('drops events beyond what may wait for a snapshot, and reads them again', async () => {
    const { group, answer, isAsked } = follow()
    group.resync()
    for (let i = 0; i < 65; i += 1) group.deliver('event', AT[2] ?? '')
    answer(AT[1] ?? '')
    await isAsked(2)
  })

  it('says that a group is gone, and asks no more', async () => {
    const { group, answers, state, asked } = follow()
    group.resync()
    answers.shift()?.(undefined)
    await until(() => state.ended === 1)
    group.resync()
    expect(asked).toHaveLength(1)
  })
})
