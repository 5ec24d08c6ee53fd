import { describe, expect, it } from 'vitest'
import { createKnownHistory } from '../../app/_data/known-history.ts'

const whole = (fromMs: number, unbrokenToMs?: number) => ({ fromMs, unbrokenToMs, isLast: false })
const last = (fromMs: number, unbrokenToMs?: number) => ({ fromMs, unbrokenToMs, isLast: true })

describe('what is known of the time before', () => {
  it('is nothing until a snapshot has come, and then nothing is lacking that it replayed', () => {
    const history = createKnownHistory()
    expect([history.isTold(), history.fromMs(1)]).toEqual([false, undefined])
    expect(history.isLacking(1, 0)).toBe(false)
    history.begin(whole(500))
    expect([history.isTold(), history.fromMs(1)]).toEqual([true, 500])
    expect(history.isLacking(1, 0)).toBe(false)
  })

  it('is lacking after a snapshot of last results, row by row, until the strip has come', () => {
    const history = createKnownHistory()
    history.begin(last(1_000))
    expect(history.isLacking(1, 400)).toBe(true)
    history.load(1, 300)
    expect([history.isLacking(1, 400), history.isLacking(2, 400)]).toEqual([false, true])
    expect([history.fromMs(1), history.fromMs(2)]).toEqual([300, 1_000])
  })

  it('is not lacking any more once the window has passed the snapshot', () => {
    const history = createKnownHistory()
    history.begin(last(1_000))
    expect(history.isLacking(1, 1_000)).toBe(false)
  })

  it('holds on over an unbroken feed, and is void after a break', () => {
    const history = createKnownHistory()
    history.begin(last(1_000))
    history.load(1, 300)
    history.begin(whole(1_900, 2_000))
    expect(history.fromMs(1)).toBe(300)
    history.begin(last(9_000, 2_000))
    expect(history.fromMs(1)).toBe(9_000)
    expect(history.isLacking(1, 400)).toBe(true)
  })
})
