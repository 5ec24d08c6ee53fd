import { beforeEach, describe, expect, it } from 'vitest'
import type { ClientFrame } from '#lib/live/protocol.ts'
import type { TransportEvents } from '../../app/_data/live-transport.ts'
import { createStreamPorts } from '../../app/_data/stream-ports.ts'
import { createManualClock } from '../support/manual-clock.ts'

const TOPIC = 'group:0195f000-0000-7000-8000-000000000001'
const CURSOR = '2026-01-01T00:00:01.000Z'

function openStream() {
  const clock = createManualClock(Date.UTC(2026, 0, 1))
  const sent: ClientFrame[] = []
  const told: { to: string[]; frame: Record<string, unknown> }[] = []
  const ended: { ports: string[]; code: number | undefined }[] = []
  let upstream: TransportEvents | undefined
  const ports = createStreamPorts({
    open(events) {
      upstream = events
      return { send: (frame) => void sent.push(frame), close: () => events.onClose() }
    },
    wallMs: clock.wallMs,
    tell: (to, text) => void told.push({ to, frame: JSON.parse(text) }),
    end: (to, code) => void ended.push({ ports: to, code }),
  })
  const now = () => new Date(clock.wallMs()).toISOString()
  const say = (frame: object) => upstream?.onFrame(JSON.stringify(frame))
  return {
    clock,
    sent,
    told,
    ended,
    ports,
    say,
    now,
    welcome: () => say({ type: 'welcome', connection: 'live.1', now: now() }),
    ping: () => say({ type: 'ping', now: now() }),
    close: (code?: number) => upstream?.onClose(code),
    follow: (...names: string[]) => {
      for (const name of names) ports.receive(name, { type: 'follow', topic: TOPIC })
    },
    toldTo: (port: string) => told.filter(({ to }) => to.includes(port)).map(({ frame }) => frame),
  }
}

let stream: ReturnType<typeof openStream>
beforeEach(() => {
  stream = openStream()
  stream.ports.join('a')
  stream.ports.join('b')
})

describe('a stream that tabs share', () => {
  it('tells every tab what is about the connection', () => {
    stream.welcome()
    for (const type of ['tick', 'stale', 'live', 'bye']) stream.say({ type })
    const types = stream.toldTo('b').map(({ type }) => type)
    expect(types).toEqual(['welcome', 'tick', 'stale', 'live', 'bye'])
    expect(stream.toldTo('a')).toEqual(stream.toldTo('b'))
  })

  it('greets a tab that comes later, by the clock of now, and says whether the feed is stale', () => {
    stream.welcome()
    stream.clock.advance(2_000)
    stream.say({ type: 'stale' })
    stream.ports.join('c')
    expect(stream.toldTo('c')).toEqual([
      { type: 'welcome', connection: 'live.1', now: stream.now() },
      { type: 'stale' },
    ])
  })

  it('tells a tab that comes later what was said of the room for results', () => {
    stream.welcome()
    stream.say({ type: 'storage', level: 'full' })
    stream.ports.join('c')
    expect(stream.toldTo('c').at(-1)).toEqual({ type: 'storage', level: 'full' })
  })

  it('is not trusted by who comes after three seconds of silence: all begin with a new one', () => {
    stream.welcome()
    stream.clock.advance(3_000)
    stream.ports.join('c')
    expect(stream.toldTo('c')).toEqual([])
    expect(stream.ended).toEqual([{ ports: ['a', 'b', 'c'], code: undefined }])
  })

  it('is followed once and let go with the last tab', () => {
    stream.follow('a', 'b')
    stream.ports.receive('a', { type: 'unfollow', topic: TOPIC })
    expect(stream.sent).toEqual([{ type: 'follow', topic: TOPIC }])
    stream.ports.leave('b')
    expect(stream.sent.at(-1)).toEqual({ type: 'unfollow', topic: TOPIC })
  })

  it('brings a topic to those who follow it alone', () => {
    stream.follow('a')
    const facts = { topic: TOPIC, cursor: CURSOR }
    stream.say({ type: 'snapshot', ...facts, more: false, group: {} })
    stream.say({ type: 'event', ...facts })
    stream.say({ type: 'of-a-newer-server', ...facts })
    expect(stream.toldTo('a').map(({ type }) => type)).toEqual([
      'snapshot',
      'event',
      'of-a-newer-server',
    ])
    expect(stream.toldTo('b')).toEqual([])
  })

  it('brings nobody a snapshot that begins after its cursor: it waits for the one it asked for', () => {
    stream.follow('a')
    stream.say({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: false, group: {} })
    stream.follow('b')
    const later = { topic: TOPIC, since: CURSOR, cursor: '2026-01-01T00:00:02.000Z' }
    stream.say({ type: 'snapshot', ...later, more: true, group: {} })
    stream.say({ type: 'snapshot', ...later, more: false })
    stream.say({ type: 'event', ...later })
    expect(stream.toldTo('a')).toHaveLength(4)
    expect(stream.toldTo('b')).toEqual([])
    stream.say({ type: 'snapshot', ...later, since: undefined, more: false, group: {} })
    expect(stream.toldTo('b')).toHaveLength(1)
  })

  it('is asked from the oldest cursor of all who follow', () => {
    stream.ports.receive('a', { type: 'follow', topic: TOPIC, since: CURSOR })
    stream.say({ type: 'snapshot', topic: TOPIC, since: CURSOR, cursor: CURSOR, group: {} })
    const since = '2026-01-01T00:00:02.000Z'
    stream.ports.receive('b', { type: 'follow', topic: TOPIC, since })
    expect(stream.sent.at(-1)).toEqual({ type: 'follow', topic: TOPIC, since: CURSOR })
  })

  it('brings a snapshot from the beginning to newcomers alone: the others go on from their cursor', () => {
    stream.follow('a')
    stream.say({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: false, group: {} })
    stream.follow('b')
    stream.say({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: true, group: {} })
    stream.say({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: false })
    expect(stream.told.map(({ to }) => to)).toEqual([['a'], ['b'], ['b']])
    expect(stream.sent.at(-1)).toEqual({ type: 'follow', topic: TOPIC, since: CURSOR })
    stream.say({ type: 'snapshot', topic: TOPIC, since: CURSOR, cursor: CURSOR, group: {} })
    expect(stream.told.at(-1)?.to).toEqual(['a', 'b'])
  })

  it('is asked again for a tab that a snapshot would leave behind', () => {
    stream.follow('a')
    stream.say({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, group: {} })
    const since = '2026-01-01T00:00:05.000Z'
    stream.say({ type: 'snapshot', topic: TOPIC, since, cursor: since, group: {} })
    expect(stream.toldTo('a')).toHaveLength(1)
    expect(stream.sent.at(-1)).toEqual({ type: 'follow', topic: TOPIC, since: CURSOR })
  })

  it.each(['denied', 'ended'])(
    'tells all who follow a topic that it is %s, and forgets it',
    (type) => {
      stream.follow('a', 'b')
      stream.say({ type, topic: TOPIC, code: 'not_found' })
      expect(stream.told.map(({ to }) => to)).toEqual([['a', 'b']])
      stream.follow('a')
      expect(stream.sent).toHaveLength(2)
    },
  )

  it('lets go of a topic that the server still sends and nobody follows', () => {
    stream.say({ type: 'snapshot', topic: TOPIC, cursor: CURSOR, more: true, group: {} })
    expect(stream.sent).toEqual([{ type: 'unfollow', topic: TOPIC }])
    expect(stream.told).toEqual([])
  })

  it('answers a heartbeat once for all tabs', () => {
    stream.ping()
    for (const name of ['a', 'b']) stream.ports.receive(name, { type: 'pong' })
    expect(stream.sent).toEqual([{ type: 'pong' }])
  })

  it('drops a tab that is silent from one heartbeat to the next, and what it alone followed', () => {
    stream.follow('b')
    stream.ping()
    stream.ports.receive('a', { type: 'pong' })
    stream.ping()
    expect(stream.ended).toEqual([{ ports: ['b'], code: undefined }])
    expect(stream.ports.count()).toBe(1)
    expect(stream.sent.at(-1)).toEqual({ type: 'unfollow', topic: TOPIC })
  })

  it('hears nothing more from a tab that it has dropped', () => {
    stream.ports.leave('b')
    stream.follow('b')
    expect(stream.sent).toEqual([])
  })

  it('ends for every tab with its close code', () => {
    stream.close(4501)
    expect(stream.ended).toEqual([{ ports: ['a', 'b'], code: 4501 }])
  })

  it('says nothing to the tabs when the one that holds it gives it up', () => {
    stream.ports.close()
    expect(stream.ended).toEqual([])
  })
})
