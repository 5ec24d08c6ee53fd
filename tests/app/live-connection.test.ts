import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE } from '#lib/live/close-codes.ts'
import type { ClientFrame } from '#lib/live/protocol.ts'
import { noSamples } from '#lib/samples/contract.ts'
import { createLiveConnection, type LiveConnection } from '../../app/_data/live-connection.ts'
import type { TransportEvents, TransportName } from '../../app/_data/live-transport.ts'

const TOPIC = 'group:0195f000-0000-7000-8000-000000000001'

type Opened = TransportEvents & { name: TransportName; sent: ClientFrame[]; isClosed: boolean }
let opened: Opened[] = []
let forbidden: TransportName[] = []
let connection: LiveConnection
let signedOut = 0

const last = () => {
  const road = opened.at(-1)
  if (!road) throw new Error('No road was taken.')
  return road
}
const say = (road: Opened, frame: object) => road.onFrame(JSON.stringify(frame))
const welcome = (road = last()) =>
  say(road, {
    type: 'welcome',
    connection: 'live.1',
    protocol: 'echowall.v1',
    heartbeat_seconds: 20,
    now: new Date().toISOString(),
  })
const tick = (road = last()) => say(road, { type: 'tick', now: new Date().toISOString() })
const snapshot = (cursor: string, more = false) =>
  say(last(), {
    type: 'snapshot',
    topic: TOPIC,
    at: cursor,
    cursor,
    complete_from: cursor,
    more,
    samples: noSamples(0),
  })

function road(name: TransportName) {
  return (events: TransportEvents) => {
    if (forbidden.includes(name)) throw new TypeError(`${name} is not there`)
    const made: Opened = { ...events, name, sent: [], isClosed: false }
    opened.push(made)
    return {
      send: (frame: ClientFrame) => void made.sent.push(frame),
      close() {
        if (made.isClosed) return
        made.isClosed = true
        events.onClose()
      },
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  opened = []
  forbidden = []
  signedOut = 0
  connection = createLiveConnection({
    roads: { websocket: road('websocket'), sse: road('sse'), polling: road('polling') },
    onFrame: () => {},
    onSignedOut: () => {
      signedOut += 1
    },
    random: () => 0.5,
  })
})

afterEach(() => {
  connection.close()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** Waits for the next road, of those that come into being, to be tried. */
async function nextRoad() {
  const before = opened.length
  while (opened.length === before) await vi.advanceTimersByTimeAsync(100)
}

async function failOpenings(count: number) {
  for (let i = 0; i < count; i += 1) {
    last().onClose(1006)
    await nextRoad()
  }
}

describe('the live connection of a tab', () => {
  it('goes by WebSocket where it can', () => {
    expect(connection.status().transport).toBe('connecting')
    welcome()
    expect(last().name).toBe('websocket')
    expect(connection.status()).toEqual({ transport: 'websocket', isStale: false })
  })

  it('falls back to SSE after two failed openings, then to polling', async () => {
    await failOpenings(2)
    expect(last().name).toBe('sse')
    await failOpenings(2)
    expect(last().name).toBe('polling')
  })

  it('blames no road while nothing answers: after polling it begins with WebSocket again', async () => {
    await failOpenings(5)
    expect(last().name).toBe('websocket')
    expect(connection.status().transport).toBe('offline')
  })

  it('takes a browser that refuses a road for one where it fails', async () => {
    forbidden = ['websocket']
    await failOpenings(1)
    welcome()
    expect(connection.status().transport).toBe('sse')
  })

  it('counts a road without a first frame as failed', async () => {
    const [silent] = opened
    await vi.advanceTimersByTimeAsync(5_000)
    expect(silent?.isClosed).toBe(true)
  })

  it('returns from SSE to WebSocket by itself, without a gap', async () => {
    await failOpenings(2)
    const sse = last()
    welcome(sse)
    await nextRoad()
    const better = last()
    expect(better.name).toBe('websocket')
    expect(sse.isClosed).toBe(false)
    welcome(better)
    expect(sse.isClosed).toBe(true)
    expect(connection.status().transport).toBe('websocket')
  })

  it('follows a topic once however many ask, until the last lets go', () => {
    welcome()
    const undos = [connection.follow(TOPIC), connection.follow(TOPIC)]
    undos[0]?.()
    expect(last().sent).toEqual([{ type: 'follow', topic: TOPIC }])
    undos[1]?.()
    expect(last().sent.at(-1)).toEqual({ type: 'unfollow', topic: TOPIC })
  })

  it('resumes every topic from its cursor after an interruption', async () => {
    welcome()
    connection.follow(TOPIC)
    snapshot('2026-01-01T00:00:01.000Z')
    last().onClose(1006)
    await vi.advanceTimersByTimeAsync(1_000)
    welcome()
    expect(last().sent).toEqual([
      { type: 'follow', topic: TOPIC, since: '2026-01-01T00:00:01.000Z' },
    ])
  })

  it('does not trust the cursor of a snapshot that was cut off', async () => {
    welcome()
    connection.follow(TOPIC)
    snapshot('2026-01-01T00:00:01.000Z', true)
    last().onClose(1006)
    await vi.advanceTimersByTimeAsync(1_000)
    welcome()
    expect(last().sent).toEqual([{ type: 'follow', topic: TOPIC }])
  })

  it('waits as long as the server asks before it comes back', async () => {
    welcome()
    say(last(), { type: 'bye', code: CLOSE.goingAway, after_ms: 4_000 })
    last().onClose(CLOSE.goingAway)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(opened).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(opened).toHaveLength(2)
  })

  it('stays away when the session has ended, and says so once', async () => {
    welcome()
    last().onClose(CLOSE.sessionEnded)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(opened).toHaveLength(1)
    expect(signedOut).toBe(1)
    expect(connection.status().isStale).toBe(true)
  })

  it('answers the heartbeat', () => {
    welcome()
    say(last(), { type: 'ping', now: new Date().toISOString() })
    expect(last().sent).toEqual([{ type: 'pong' }])
  })

  it('is stale after three seconds without a frame, and live again with the next', async () => {
    welcome()
    await vi.advanceTimersByTimeAsync(2_999)
    expect(connection.status().isStale).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(connection.status().isStale).toBe(true)
    tick()
    expect(connection.status().isStale).toBe(false)
  })

  it('rests its clock while it is stale', async () => {
    welcome()
    const at = connection.nowMs()
    await vi.advanceTimersByTimeAsync(8_000)
    expect(connection.nowMs()).toBe(at)
    expect(connection.ageMs()).toBe(8_000)
  })

  it('is stale while the server has lost its own feed, whatever else it says', () => {
    welcome()
    say(last(), { type: 'stale' })
    tick()
    expect(connection.status().isStale).toBe(true)
    say(last(), { type: 'live' })
    expect(connection.status().isStale).toBe(false)
  })

  it('gives up a road that is silent for ten seconds', async () => {
    welcome()
    await vi.advanceTimersByTimeAsync(11_000)
    expect(opened[0]?.isClosed).toBe(true)
  })

  it('does not wait when the network comes back', async () => {
    await failOpenings(5)
    const before = opened.length
    last().onClose(1006)
    connection.retryNow()
    expect(opened.length).toBe(before + 1)
    expect(last().name).toBe('websocket')
  })

  it('leaves nothing behind when it is closed', async () => {
    welcome()
    connection.close()
    expect(last().isClosed).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(opened).toHaveLength(1)
  })
})
