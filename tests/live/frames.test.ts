import { describe, expect, it } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { DEFAULT_PARAMETERS, type Group } from '#lib/groups/contract.ts'
import {
  decodeFrame,
  encodeHead,
  encodeSnapshot,
  encodeStrips,
  fitsOneFrame,
  withRole,
} from '#lib/live/frames.ts'
import { Snapshot } from '#lib/live/protocol.ts'
import type { Series } from '#lib/samples/read.ts'
import type { Target } from '#lib/targets/contract.ts'

const AT = '2026-11-22T10:00:00.000Z'
const ID = '019ab000-0000-7000-8000-000000000001'

const GROUP: Group = {
  id: ID,
  name: 'core',
  owner: { id: ID, employee_no: 'E1', name: 'An Engineer' },
  visibility: 'private',
  parameters: DEFAULT_PARAMETERS,
  target_count: 1,
  created_at: AT,
  updated_at: AT,
}

const TARGET: Target = {
  id: ID,
  n: 1,
  host: '127.0.0.1',
  label: '',
  state: 'running',
  stopped_by: null,
  position: 1,
  added_at: AT,
  running_since: AT,
}

const STATE = { topic: `group:${ID}`, group: GROUP, targets: [TARGET] }

function recentOf(series: Series[]) {
  return { cursor: AT, completeFrom: AT, series }
}

const parse = (text: string) => Snapshot.parse(JSON.parse(text))

function seriesOf(n: number, results: number): Series {
  const range = [...Array(results).keys()]
  return { n, at: range.map((i) => 1_000 * i), v: range.map((i) => i) }
}

describe('a snapshot', () => {
  it('of a small group is one frame with group, targets and every result', () => {
    const recent = recentOf([{ n: 1, at: [5_000, 6_000], v: [83, -1] }])
    expect(fitsOneFrame(recent)).toBe(true)
    expect(parse(encodeSnapshot(STATE, recent))).toMatchObject({
      more: false,
      cursor: AT,
      group: GROUP,
      targets: [TARGET],
      samples: { at: 5_000, n: [1, 1], d: [0, 1_000], v: [83, -1] },
    })
  })

  it('of a large group brings the last results first and loses none of the others', () => {
    const recent = recentOf([...Array(100).keys()].map((n) => seriesOf(n + 1, 120)))
    expect(fitsOneFrame(recent)).toBe(false)
    expect(parse(encodeHead(STATE, recent, undefined)).samples.v).toEqual(Array(100).fill(119))
    const strips = encodeStrips(STATE.topic, recent, undefined).map(parse)
    expect(strips.map((frame) => frame.more)).toEqual([true, true, false])
    expect(strips.every((frame) => frame.group === undefined)).toBe(true)
    expect(strips.flatMap((frame) => frame.samples.n)).toHaveLength(100 * 120)
    expect(Math.max(...strips.map((frame) => frame.samples.n.length))).toBeLessThanOrEqual(5_000)
  })

  it('cut off half-way makes no hole: only its last frame moves the cursor on', () => {
    const recent = recentOf([...Array(100).keys()].map((n) => seriesOf(n + 1, 120)))
    const since = '2026-11-22T09:00:00.000Z'
    const frames = [encodeHead(STATE, recent, since), ...encodeStrips(STATE.topic, recent, since)]
    expect(frames.map((frame) => parse(frame).cursor)).toEqual([since, since, since, AT])
    const afresh = parse(encodeHead(STATE, recent, undefined))
    expect(Date.parse(afresh.cursor)).toBe(0)
  })

  it('of a group without results says so with empty columns', () => {
    const { samples } = parse(encodeSnapshot(STATE, recentOf([])))
    expect(samples).toMatchObject({ n: [], d: [], v: [] })
    expect(encodeStrips(STATE.topic, recentOf([]), undefined)).toHaveLength(1)
  })

  it("carries its reader's role without being encoded again", () => {
    expect(JSON.parse(withRole('{"type":"snapshot"}', 'viewer'))).toEqual({
      type: 'snapshot',
      role: 'viewer',
    })
  })
})

describe('a frame from a reader', () => {
  it('is understood as it is written in the protocol', () => {
    const follow = { type: 'follow', topic: `group:${ID}`, since: AT }
    expect(decodeFrame(JSON.stringify(follow))).toEqual(follow)
  })

  it.each([
    'no json',
    '[]',
    'null',
    '{"type":"shout"}',
    '{"type":"follow"}',
    '{"type":"follow","topic":"inbox","since":"yesterday"}',
    '{"type":"pong","extra":1}',
    '{"type":"__proto__"}',
  ])('is refused as invalid when it is %s', (text) => {
    expect(() => decodeFrame(text)).toThrow(AppError)
  })
})
