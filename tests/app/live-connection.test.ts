import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE } from '#lib/live/close-codes.ts'
import { TICK_MS } from '#lib/live/protocol.ts'
import { openOnFakeRoads } from './fake-roads.ts'

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

describe('the live connection of a tab', () => {
  it('goes by WebSocket where it can', () => {
    expect(live.connection.status().transport).toBe('connecting')
    live.welcome()
    expect(live.last().name).toBe('websocket')
    expect(live.connection.status()).toEqual({ transport: 'websocket', isStale: false })
  })

  it('falls back to SSE after two failed openings, then to polling', async () => {
    await live.failOpenings(2)
    expect(live.last().name).toBe('sse')
    await live.failOpenings(2)
    expect(live.last().name).toBe('polling')
  })

  it('blames no road while nothing answers: after polling it begins with WebSocket again', async () => {
    await live.failOpenings(5)
    expect(live.last().name).toBe('websocket')
    expect(live.connection.status().transport).toBe('offline')
  })

  it('takes a browser that refuses a road for one where it fails', async () => {
    live.forbidden.add('websocket')
    await live.failOpenings(1)
    live.welcome()
    expect(live.connection.status().transport).toBe('sse')
  })

  it('counts a road without a first frame as failed', async () => {
    const [silent] = live.roads
    await vi.advanceTimersByTimeAsync(5_000)
    expect(silent?.isClosed).toBe(true)
  })

  it('returns from SSE to WebSocket by itself, without a gap', async () => {
    await live.failOpenings(2)
    const sse = live.last()
    live.welcome(sse)
    await live.nextRoad()
    const better = live.last()
    expect(better.name).toBe('websocket')
    expect(sse.isClosed).toBe(false)
    live.welcome(better)
    expect(sse.isClosed).toBe(true)
    expect(live.connection.status().transport).toBe('websocket')
  })

  it('waits as long as the server asks before it comes back', async () => {
    live.welcome()
    live.say({ type: 'bye', code: CLOSE.goingAway, after_ms: 4_000 })
    live.last().onClose(CLOSE.goingAway)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(live.roads).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(live.roads).toHaveLength(2)
  })

  it('stays away when the session has ended, and says so once', async () => {
    live.welcome()
    live.last().onClose(CLOSE.sessionEnded)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(live.roads).toHaveLength(1)
    expect(live.signedOut).toHaveBeenCalledOnce()
    expect(live.connection.status().isStale).toBe(true)
  })

  it('answers the heartbeat', () => {
    live.welcome()
    live.say({ type: 'ping', now: new Date().toISOString() })
    expect(live.last().sent).toEqual([{ type: 'pong' }])
  })

  it('is stale after three seconds without a frame, and live again with the next', async () => {
    live.welcome()
    await vi.advanceTimersByTimeAsync(2_999)
    expect(live.connection.status().isStale).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(live.connection.status().isStale).toBe(true)
    live.tick()
    expect(live.connection.status().isStale).toBe(false)
  })

  it('rests its clock a tick after the last frame, so that no row grows old for want of news', async () => {
    live.welcome()
    const at = live.connection.nowMs()
    await vi.advanceTimersByTimeAsync(8_000)
    expect(live.connection.nowMs()).toBe(at + TICK_MS)
    expect(live.connection.clockMs()).toBe(at + 8_000)
    expect(live.connection.ageMs()).toBe(8_000)
  })

  it('is stale while the server has lost its own feed, whatever else it says', () => {
    live.welcome()
    live.say({ type: 'stale' })
    live.tick()
    expect(live.connection.status().isStale).toBe(true)
    live.say({ type: 'live' })
    expect(live.connection.status().isStale).toBe(false)
  })

  it('gives up a road that is silent for ten seconds', async () => {
    live.welcome()
    await vi.advanceTimersByTimeAsync(11_000)
    expect(live.roads[0]?.isClosed).toBe(true)
  })

  it('does not wait when the network comes back', async () => {
    await live.failOpenings(5)
    const before = live.roads.length
    live.last().onClose(1006)
    live.connection.retryNow()
    expect(live.roads.length).toBe(before + 1)
    expect(live.last().name).toBe('websocket')
  })

  it('leaves nothing behind when it is closed', async () => {
    live.welcome()
    live.connection.close()
    expect(live.last().isClosed).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(live.roads).toHaveLength(1)
  })
})
