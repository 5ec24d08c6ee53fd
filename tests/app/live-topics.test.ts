import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOnFakeRoads, TOPIC } from './fake-roads.ts'

const FOLLOW = { type: 'follow', topic: TOPIC, replay: 'last' }

let live: ReturnType<typeof openOnFakeRoads>

beforeEach(() => {
  vi.useFakeTimers()
  live = openOnFakeRoads()
})

afterEach(() => {
  live.connection.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

describe('what a tab follows', () => {
  it('is asked for once however many ask, until the last lets go', () => {
    live.welcome()
    const undos = [live.connection.follow(TOPIC), live.connection.follow(TOPIC)]
    undos[0]?.()
    expect(live.last().sent).toEqual([FOLLOW])
    undos[1]?.()
    expect(live.last().sent.at(-1)).toEqual({ type: 'unfollow', topic: TOPIC })
  })

  it('resumes every topic from its cursor after an interruption', async () => {
    live.welcome()
    live.connection.follow(TOPIC)
    live.snapshot('2026-01-01T00:00:01.000Z')
    live.last().onClose(1006)
    await vi.advanceTimersByTimeAsync(1_000)
    live.welcome()
    expect(live.last().sent).toEqual([{ ...FOLLOW, since: '2026-01-01T00:00:01.000Z' }])
  })

  it('does not trust the cursor of a snapshot that was cut off', async () => {
    live.welcome()
    live.connection.follow(TOPIC)
    live.snapshot('2026-01-01T00:00:01.000Z', true)
    live.last().onClose(1006)
    await vi.advanceTimersByTimeAsync(1_000)
    live.welcome()
    expect(live.last().sent).toEqual([FOLLOW])
  })

  it('asks again for a topic that cannot be had just now, ever later, and tells the page nothing', async () => {
    const cursor = '2026-01-01T00:00:01.000Z'
    const since = { ...FOLLOW, since: cursor }
    live.welcome()
    live.connection.follow(TOPIC)
    live.snapshot(cursor)
    const { sent } = live.last()
    live.told.mockClear()
    const lose = (type: string) => live.say({ type, topic: TOPIC, code: 'unavailable' })
    lose('ended')
    await vi.advanceTimersByTimeAsync(500)
    expect(sent.slice(1)).toEqual([since])
    lose('denied')
    await vi.advanceTimersByTimeAsync(500)
    expect(sent.slice(1)).toEqual([since])
    live.tick()
    await vi.advanceTimersByTimeAsync(500)
    expect(sent.slice(1)).toEqual([since, since])
    expect(live.told.mock.calls.map(([frame]) => frame.type)).toEqual(['tick'])
  })

  it('asks no more for a topic that is gone, nor for one that nobody follows by then', async () => {
    live.welcome()
    live.connection.follow(TOPIC)
    live.say({ type: 'ended', topic: TOPIC, code: 'not_found' })
    const unfollow = live.connection.follow(`${TOPIC}x`)
    live.say({ type: 'denied', topic: `${TOPIC}x`, code: 'unavailable' })
    unfollow()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(live.last().sent.map(({ type }) => type)).toEqual(['follow', 'follow', 'unfollow'])
    expect(live.told.mock.lastCall?.[0]).toMatchObject({ type: 'ended', code: 'not_found' })
  })
})
