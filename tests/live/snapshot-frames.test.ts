import { describe, expect, it } from 'vitest'
import { DEFAULT_PARAMETERS, type Group } from '#lib/groups/contract.ts'
import { Replay, Snapshot } from '#lib/live/protocol.ts'
import {
  encodeHead,
  encodeReplay,
  encodeSnapshot,
  encodeStrips,
  encodeTallies,
  fitsOneFrame,
} from '#lib/live/snapshot-frames.ts'
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

const { added_at, ...LIVE_TARGET } = TARGET

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
    expect(parse(encodeSnapshot(STATE, recent, undefined))).toMatchObject({
      more: false,
      cursor: AT,
      group: GROUP,
      targets: [LIVE_TARGET],
      samples: { at: 5_000, n: [1, 1], d: [0, 1_000], v: [83, -1] },
    })
  })

  it('of a large group brings the last results first and loses none of the others', () => {
    const recent = recentOf([...Array(100).keys()].map((n) => seriesOf(n + 1, 120)))
    expect(fitsOneFrame(recent)).toBe(false)
    expect(parse(encodeHead(STATE, recent, undefined)).samples.v).toEqual(Array(100).fill(119))
    const strips = encodeStrips(STATE.topic, recent, { since: undefined }).map(parse)
    expect(strips.map((frame) => frame.more)).toEqual([true, true, false])
    expect(strips.every((frame) => frame.group === undefined)).toBe(true)
    expect(strips.flatMap((frame) => frame.samples.n)).toHaveLength(100 * 120)
    expect(Math.max(...strips.map((frame) => frame.samples.n.length))).toBeLessThanOrEqual(5_000)
  })

  it('cut off half-way makes no hole: only its last frame moves the cursor on', () => {
    const recent = recentOf([...Array(100).keys()].map((n) => seriesOf(n + 1, 120)))
    const since = '2026-11-22T09:00:00.000Z'
    const frames = [
      encodeHead(STATE, recent, since),
      ...encodeStrips(STATE.topic, recent, { since }),
    ]
    expect(frames.map((frame) => parse(frame).cursor)).toEqual([since, since, since, AT])
    const afresh = parse(encodeHead(STATE, recent, undefined))
    expect(Date.parse(afresh.cursor)).toBe(0)
  })

  it('of a group without results says so with empty columns', () => {
    const { samples } = parse(encodeSnapshot(STATE, recentOf([]), undefined))
    expect(samples).toMatchObject({ n: [], d: [], v: [] })
    expect(encodeStrips(STATE.topic, recentOf([]), { since: undefined })).toHaveLength(1)
  })
})

describe('a snapshot of last results', () => {
  const tellings = (v: number[]) => {
    const recent = recentOf([{ n: 1, at: v.map((_, i) => 1_000 * i), v }])
    const tallies = [{ n: 1, sent: v.length, lost: 0, losses: { n: 1, at: [], v: [] } }]
    const head = parse(encodeHead(STATE, recent, undefined)).samples.v
    const [frame = ''] = encodeTallies(STATE.topic, { recent, tallies }, undefined)
    return { head, rest: parse(frame).samples.v }
  }

  it('begins with one frame of at most 200 KB for a thousand labelled targets, dark or not', () => {
    const targets = [...Array(1_000).keys()].map((i) => ({
      ...TARGET,
      n: i + 1,
      host: `10.200.${i >> 8}.${i & 255}`,
      label: 'rack 12 switch',
      position: i,
    }))
    for (const us of [12_400, -1]) {
      const start = Date.parse(AT)
      const series = targets.map(({ n }) => ({
        n,
        at: [...Array(7).keys()].map((i) => start + i * 1_000 + n),
        v: Array(7).fill(us),
      }))
      const head = encodeHead({ ...STATE, targets }, recentOf(series), undefined)
      expect(head.length).toBeLessThan(200_000)
      expect(parse(head).targets).toHaveLength(1_000)
    }
  })

  it('tells where nothing fails the last result alone, otherwise what makes out the health', () => {
    expect(tellings([1, 2, 3, 4, 5, 6, 7])).toEqual({ head: [7], rest: [] })
    expect(tellings([1, 2, 3, 4, 5, 6, 300_000])).toEqual({ head: [300_000], rest: [3, 4, 5, 6] })
    expect(tellings([1, -1, 3, 4, -1, 6, 7])).toEqual({ head: [7], rest: [1, -1, 3, 4, -1, 6] })
    expect(tellings([1, 2, 3, 4, -1, -1, -1])).toEqual({ head: [-1], rest: [-1, -1] })
  })

  it('tells a single loss at the end together with the answers before it', () => {
    expect(tellings([1, 2, 3, 4, 5, 6, -1])).toEqual({ head: [2, 3, 4, 5, 6, -1], rest: [] })
  })

  it('ends with the counts, few losses one by one, and is complete from its cursor on', () => {
    const recent = recentOf([seriesOf(1, 7)])
    const tallies = [
      { n: 1, sent: 120, lost: 2, losses: { n: 1, at: [-9_000, -5_000], v: [-1, -2] } },
    ]
    const frames = encodeTallies(STATE.topic, { recent, tallies }, undefined).map(parse)
    expect(frames).toMatchObject([
      { more: false, cursor: AT, complete_from: AT, tally: { n: [1], sent: [120], lost: [2] } },
    ])
    expect(frames[0]?.samples).toEqual({ at: -9_000, n: [1, 1], d: [0, 4_000], v: [-1, -2] })
  })
})

describe('a replay', () => {
  it('holds a strip for each target that was asked for, in frames of at most 60 KB', () => {
    const n = [...Array(200).keys()].map((i) => i + 1)
    const series = n.filter((one) => one !== 7).map((one) => seriesOf(one, 120))
    const frames = encodeReplay(STATE.topic, recentOf(series), n)
    const strips = frames.flatMap((text) => Replay.parse(JSON.parse(text)).strips)
    expect(strips.map((strip) => strip.n)).toEqual(n)
    expect(strips[6]).toMatchObject({ n: 7, d: [], v: [] })
    expect(strips[0]).toMatchObject({ at: 0, step: 1_000, d: Array(120).fill(0) })
    expect(Math.max(...frames.map((text) => text.length))).toBeLessThan(60_000)
  })
})
