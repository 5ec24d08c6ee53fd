import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOnFakeRoads, TOPIC } from './fake-roads.ts'

const CURSOR = '2026-01-01T00:00:01.000Z'

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

describe('a live connection that comes back', () => {
  it('follows everything again when the road greets anew, from where each topic stopped', () => {
    live.welcome()
    live.connection.follow(TOPIC)
    live.snapshot(CURSOR)
    live.welcome()
    expect(live.last().sent).toMatchObject([
      { type: 'follow', topic: TOPIC },
      { type: 'follow', topic: TOPIC, since: CURSOR },
    ])
    expect(live.roads).toHaveLength(1)
  })

  it('does not believe what a road brings after a sleep: it was sent before', async () => {
    live.welcome()
    vi.setSystemTime(Date.now() + 60_000)
    live.tick()
    expect(live.connection.status().isStale).toBe(true)
    expect(live.roads[0]?.isClosed).toBe(true)
    await live.nextRoad()
    live.welcome()
    expect(live.connection.status().isStale).toBe(false)
  })

  it('is stale the moment it is looked at, before any timer has run', () => {
    live.welcome()
    vi.setSystemTime(Date.now() + 5_000)
    live.connection.retryNow()
    expect(live.connection.status().isStale).toBe(true)
    expect(live.roads).toHaveLength(2)
  })

  it('rests without a road and takes one at once when it is woken', () => {
    live.welcome()
    live.connection.rest()
    expect(live.last().isClosed).toBe(true)
    expect(live.roads).toHaveLength(1)
    live.connection.retryNow()
    expect(live.roads).toHaveLength(2)
  })

  it('takes the road that last worked, and tries a WebSocket beside it', async () => {
    await live.failOpenings(2)
    live.welcome()
    live.connection.rest()
    live.connection.retryNow()
    expect(live.last().name).toBe('sse')
    live.welcome()
    await live.nextRoad()
    expect(live.last().name).toBe('websocket')
  })
})
