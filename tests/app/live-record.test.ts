import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLiveRecord } from '../../app/_data/live-record.ts'

const TOPIC = 'group:0195f000-0000-7000-8000-000000000001'
const CURSOR = '2026-01-01T00:00:01.000Z'

let record: ReturnType<typeof createLiveRecord>
beforeEach(() => {
  vi.useFakeTimers()
  record = createLiveRecord()
})
afterEach(() => vi.useRealTimers())

const hear = (frame: object) =>
  record.add({ transport: 'websocket', kind: 'in', text: JSON.stringify(frame) })
const say = (frame: object) =>
  record.add({ transport: 'websocket', kind: 'out', text: JSON.stringify(frame) })

/** What the list shows, once its watchers are told. */
async function listed() {
  await vi.advanceTimersByTimeAsync(100)
  return record.entries()
}

describe('the record of a live connection', () => {
  it('keeps frames with their kind and their length in bytes, in order', async () => {
    say({ type: 'follow', topic: '主题' })
    hear({ role: 'owner', type: 'snapshot', topic: TOPIC })
    hear({ type: 'event', topic: TOPIC, event: { type: 'samples.arrived' } })
    record.add({ transport: 'websocket', kind: 'close', text: '1006' })
    expect((await listed()).map(({ kind, label, bytes }) => [kind, label, bytes])).toEqual([
      ['out', 'follow', 34],
      ['in', 'snapshot', 87],
      ['in', 'event samples.arrived', 104],
      ['close', 'close', 0],
    ])
    expect(record.happened('in').count).toBe(2)
  })

  it('never grows beyond its room, in entries and in characters, and says what it forgot', async () => {
    for (let i = 0; i < 2_500; i += 1) hear({ type: 'tick', now: i })
    expect(await listed()).toHaveLength(2_000)
    expect(record.forgotten()).toBe(500)
    for (let i = 0; i < 30; i += 1) hear({ type: 'x', text: 'x'.repeat(200_000) })
    const kept = (await listed()).reduce((sum, { text }) => sum + text.length, 0)
    expect(kept).toBeLessThanOrEqual(4_000_000)
    expect(record.entries().at(-1)?.label).toBe('x')
  })

  it('remembers the newest of each kind when the list is cleared', async () => {
    hear({ type: 'welcome', connection: 'live.1' })
    record.clear()
    expect(await listed()).toEqual([])
    expect(record.latest('welcome')?.text).toContain('live.1')
  })

  it('tells watchers at most ten times a second, and nobody when nobody watches', async () => {
    const told = vi.fn()
    const unsubscribe = record.subscribe(told)
    for (let i = 0; i < 100; i += 1) hear({ type: 'tick', now: i })
    await vi.advanceTimersByTimeAsync(100)
    expect(told).toHaveBeenCalledOnce()
    unsubscribe()
    hear({ type: 'tick', now: 0 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told).toHaveBeenCalledOnce()
  })

  it('tells what is followed, from the first question to the end', () => {
    const states = () => record.topics().map(({ state, events, cursor }) => [state, events, cursor])
    say({ type: 'follow', topic: TOPIC })
    expect(states()).toEqual([['asked', 0, undefined]])
    hear({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: true })
    expect(states()).toEqual([['replaying', 0, CURSOR]])
    hear({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: false })
    hear({ type: 'event', topic: TOPIC, cursor: CURSOR })
    say({ type: 'replay', topic: TOPIC, n: [1] })
    expect(states()).toEqual([['live', 1, CURSOR]])
    hear({ type: 'ended', topic: TOPIC, code: 'not_found' })
    expect(states()).toEqual([['ended', 1, CURSOR]])
    say({ type: 'unfollow', topic: TOPIC })
    expect(states()).toEqual([])
  })

  it('measures from a question to its answer, and leaves it out of what is followed', () => {
    const asked = vi.fn()
    record.enter({ transport: 'websocket', source: openSource(), stream: undefined, ask: asked })
    record.measure()
    const [question] = asked.mock.calls[0] ?? []
    say(question)
    hear({ type: 'denied', topic: question.topic, code: 'not_found' })
    expect(record.roundTripsMs()).toHaveLength(1)
    expect(record.topics()).toEqual([])
  })
})

/** As much of a socket as a measurement looks at. */
function openSource(): EventSource {
  return Object.assign(new EventTarget(), { readyState: 1 }) as EventSource
}
