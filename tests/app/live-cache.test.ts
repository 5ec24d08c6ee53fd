import type { QueryClient } from '@tanstack/react-query'
import { beforeEach, describe, expect, it } from 'vitest'
import type { LiveTarget } from '#lib/targets/contract.ts'
import { readFrame } from '../../app/_data/frames.ts'
import { cardsQuery } from '../../app/_data/groups.ts'
import { createLiveCache, type LiveCache } from '../../app/_data/live-cache.ts'
import { marksQuery } from '../../app/_data/marks.ts'
import { createQueryClient } from '../../app/_data/query-client.ts'
import { createSampleStore, type SampleStore } from '../../app/_data/sample-store.ts'
import { addOptimistically, stopAll, targetsQuery } from '../../app/_data/targets.ts'
import { aGroup, aTarget } from './rows.ts'

const { role, ...group } = aGroup({ name: 'Before' })
const topic = `group:${group.id}`
const at = '2026-01-01T00:10:00.000Z'
let client: QueryClient
let samples: SampleStore
let cache: LiveCache

const hosts = () => targets()?.map(({ host }) => host)
const targets = () => client.getQueryData(targetsQuery(group.id).queryKey)

function hear(frame: object, before?: string): void {
  const read = readFrame(JSON.stringify(frame))
  if (!read) throw new Error('The page does not know this frame.')
  cache.apply(read, before)
}

const columns = (n: number[], d: number[], v: number[]) => ({ at: 1_000_000, n, d, v })
const snapshot = (rows: LiveTarget[], changes: object = {}) => ({
  type: 'snapshot',
  topic,
  at,
  cursor: at,
  complete_from: at,
  more: false,
  role,
  group,
  targets: rows,
  samples: columns([1], [0], [400]),
  ...changes,
})

beforeEach(() => {
  client = createQueryClient()
  samples = createSampleStore(queueMicrotask)
  cache = createLiveCache(client, samples)
  client.setQueryData(cardsQuery.queryKey, [{ ...group, role }])
})

describe('what the live connection tells', () => {
  it('fills rows, group and results from a snapshot', () => {
    hear(snapshot([aTarget(2), aTarget(1)], { group: { ...group, name: 'After' } }))
    expect(hosts()).toEqual(['127.0.0.1', '127.0.0.2'])
    expect(client.getQueryData(cardsQuery.queryKey)?.[0]?.name).toBe('After')
    expect(samples.ring(group.id, 1)?.us[0]).toBe(400)
  })

  it('has the marks of a group read again where they changed', () => {
    const { queryKey } = marksQuery(group.id)
    client.setQueryData(queryKey, [])
    hear({ type: 'event', topic, cursor: at, event: { type: 'marks.changed' } })
    expect(client.getQueryState(queryKey)?.isInvalidated).toBe(true)
  })

  it('gives results to those who watch their target, once a frame, and to nobody else', async () => {
    const heard: number[] = []
    samples.watch(group.id, 1, () => heard.push(1))
    samples.watch(group.id, 2, () => heard.push(2))
    const event = { type: 'samples.arrived', samples: columns([2, 2], [0, 1_000], [5, 6]) }
    hear({ type: 'event', topic, cursor: at, event })
    hear({ type: 'event', topic, cursor: at, event })
    await Promise.resolve()
    expect(heard).toEqual([2])
    expect(samples.ring(group.id, 2)?.length).toBe(2)
  })

  it('changes and removes rows in place', () => {
    const [one, two] = [aTarget(1), aTarget(2)]
    hear(snapshot([one, two]))
    const changed = { ...one, label: 'gate' }
    const event = { type: 'targets.changed', targets: [changed], removed: [two.id] }
    hear({ type: 'event', topic, cursor: at, event })
    expect(targets()).toEqual([changed])
  })

  it('takes a card away that was deleted or is no longer shared, at once and wholly', () => {
    hear(snapshot([aTarget(1)]))
    hear({ type: 'ended', topic, code: 'not_found' })
    expect(client.getQueryData(cardsQuery.queryKey)).toEqual([])
    expect(targets()).toBeUndefined()
    expect(samples.ring(group.id, 1)).toBeUndefined()
  })

  it('claims to know a time only where the feed was unbroken', () => {
    const early = '2026-01-01T00:05:00.000Z'
    hear(snapshot([], { complete_from: early, cursor: at }))
    hear(snapshot([], { complete_from: '2026-01-01T00:09:00.000Z' }), at)
    expect(samples.history(group.id)?.fromMs(1)).toBe(Date.parse(early))
    const later = '2026-01-01T02:00:00.000Z'
    hear(snapshot([], { complete_from: later }), at)
    expect(samples.history(group.id)?.fromMs(1)).toBe(Date.parse(later))
  })

  it('passes over what a newer server says', () => {
    expect(readFrame('{"type":"later"}')).toBeUndefined()
    expect(readFrame('no json')).toBeUndefined()
    const uneven = { type: 'samples.arrived', samples: columns([1, 2], [0], ['x' as never]) }
    expect(
      readFrame(JSON.stringify({ type: 'event', topic, cursor: at, event: uneven })),
    ).toBeUndefined()
  })
})

describe('an optimistic change', () => {
  it('returns to what was, but not over what the server has said since', () => {
    const [one, two] = [aTarget(1), aTarget(2)]
    hear(snapshot([one, two]))
    const rollBack = stopAll(client, group.id)
    expect(targets()?.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
    const told = { ...two, label: 'told' }
    const event = { type: 'targets.changed', targets: [told], removed: [] }
    hear({ type: 'event', topic, cursor: at, event })
    rollBack()
    expect(targets()).toEqual([one, told])
  })

  it('shows added addresses once, whoever tells of them first', () => {
    const one = aTarget(1)
    addOptimistically(client, group.id, [one])
    hear(snapshot([one]))
    addOptimistically(client, group.id, [one])
    expect(targets()).toEqual([one])
  })
})
