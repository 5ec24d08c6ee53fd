import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { decodeFrame, withRole } from '#lib/live/frames.ts'
import { MAX_REPLAYED } from '#lib/live/protocol.ts'

const AT = '2026-11-22T10:00:00.000Z'
const TOPIC = 'group:019ab000-0000-7000-8000-000000000001'

const replay = (n: number[]) => JSON.stringify({ type: 'replay', topic: TOPIC, n })

describe('a snapshot', () => {
  it("carries its reader's role without being encoded again", () => {
    expect(JSON.parse(withRole('{"type":"snapshot"}', 'viewer'))).toEqual({
      type: 'snapshot',
      role: 'viewer',
    })
  })
})

describe('a frame from a reader', () => {
  it('is understood as it is written in the protocol', () => {
    const follow = { type: 'follow', topic: TOPIC, since: AT }
    expect(decodeFrame(JSON.stringify(follow))).toEqual(follow)
    const last = { type: 'follow', topic: TOPIC, replay: 'last' }
    expect(decodeFrame(JSON.stringify(last))).toEqual(last)
    expect(decodeFrame(replay([1, 2]))).toEqual({ type: 'replay', topic: TOPIC, n: [1, 2] })
  })

  it.each([
    'no json',
    '[]',
    'null',
    '{"type":"shout"}',
    '{"type":"follow"}',
    '{"type":"follow","topic":"inbox","since":"yesterday"}',
    '{"type":"pong","extra":1}',
    '{"type":"follow","topic":"inbox","replay":"some"}',
    '{"type":"__proto__"}',
    replay([]),
    replay([0]),
    replay([1.5]),
    replay([2 ** 31]),
    replay(Array(MAX_REPLAYED + 1).fill(1)),
  ])('is refused as invalid when it is %s', (text) => {
    expect(() => decodeFrame(text)).toThrow(AppError)
  })
})
