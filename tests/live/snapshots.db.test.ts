import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LayerEvents } from '#lib/channels/layer.ts'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { inTransaction } from '#lib/db/client.ts'
import { createHub } from '#lib/live/hub.ts'
import { Replay, Snapshot } from '#lib/live/protocol.ts'
import { createSnapshots } from '#lib/live/snapshots.ts'
import { createLog } from '#lib/log.ts'
import { storeFlush } from '#lib/samples/write.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeConfig, makeGroup, makeUser } from '../support/factories.ts'
import { type MeasuredGroup, makeMeasuredGroup } from '../support/measured-group.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

describe('a snapshot under way', () => {
  it('serves all who ask meanwhile, but nobody who asks after a gap', async () => {
    const { db } = database
    const log = createLog('silent')
    const layer = createMemoryLayer({ log })
    const heard: Partial<LayerEvents> = {}
    const channels: typeof layer = {
      ...layer,
      on(event, handler) {
        Object.assign(heard, { [event]: handler })
        return layer.on(event, handler)
      },
    }
    const { snapshots } = await createHub({ db, log, channels, config: makeConfig() })
    const group = await makeGroup(db, await makeUser(db))
    const all = { since: undefined, replay: 'all' } as const
    const before = snapshots.read(group.id, all)
    expect(snapshots.read(group.id, all)).toBe(before)
    heard.gap?.()
    const after = snapshots.read(group.id, all)
    expect(after).not.toBe(before)
    expect(snapshots.read(group.id, all)).toBe(after)
    await Promise.all([before, after])
  })
})

// Seconds of results of every target, one a second, stored in one flush a moment ago.
async function measure(group: MeasuredGroup, seconds: number, us = 400): Promise<void> {
  const nowMs = Date.now()
  const times = [...Array(seconds).keys()].map((i) => nowMs - 1_000 * (seconds - i))
  const rows = group.targets.flatMap(({ probeId }) => times.map((atMs) => ({ probeId, atMs })))
  await inTransaction({ db: database.db }, ({ tx }) =>
    storeFlush(tx, {
      probeIds: rows.map(({ probeId }) => probeId),
      atMs: rows.map(({ atMs }) => atMs),
      rttUs: rows.map(() => us),
    }),
  )
}

async function makeGroupOf(targets: number, net: string): Promise<MeasuredGroup> {
  const hosts = [...Array(targets).keys()].map((i) => `127.${net}.${i}`)
  return await makeMeasuredGroup(database.db, hosts, new Date(Date.now() - 600_000))
}

async function read(groupId: string, since?: string) {
  const snapshots = createSnapshots(database, () => 0)
  const snapshot = await snapshots.read(groupId, { since, replay: 'last' })
  const { frames, cursor } = (await snapshot?.rest) ?? { frames: [], cursor: '' }
  const [first, ...rest] = [snapshot?.first ?? '', ...frames].map((text) =>
    Snapshot.parse(JSON.parse(text)),
  )
  return { first, rest, cursor }
}

describe('a snapshot of last results', () => {
  it('tells the last one of each target, then the counts of its window', async () => {
    const group = await makeGroupOf(3, '5.0')
    await measure(group, 30)
    const { first, rest, cursor } = await read(group.id)
    expect(first).toMatchObject({ more: true, cursor: new Date(0).toISOString() })
    expect(first?.samples).toMatchObject({ n: [1, 2, 3], v: [400, 400, 400] })
    expect(rest).toMatchObject([
      {
        more: false,
        cursor,
        complete_from: cursor,
        samples: { n: [] },
        tally: { n: [1, 2, 3], sent: [30, 30, 30], lost: [0, 0, 0] },
      },
    ])
  })

  it('after a short absence brings all that was missed, in one frame and without a gap', async () => {
    const group = await makeGroupOf(2, '5.1')
    await measure(group, 20)
    const { cursor } = await read(group.id)
    await measure(group, 3, 500)
    const { first, rest } = await read(group.id, cursor)
    expect(rest).toEqual([])
    expect(first?.tally).toBeUndefined()
    expect(first?.samples.v.filter((us) => us === 500)).toHaveLength(6)
    expect(Date.parse(first?.complete_from ?? '')).toBeLessThanOrEqual(Date.parse(cursor))
  })

  it('after an absence too long for one frame begins anew, complete from its own cursor on', async () => {
    const group = await makeGroupOf(50, '5.2')
    const { cursor } = await read(group.id)
    await measure(group, 110)
    const { first, rest } = await read(group.id, cursor)
    expect(first).toMatchObject({ more: true, cursor })
    expect(first?.samples.n).toHaveLength(50)
    expect(rest[0]?.tally?.sent).toEqual(Array(50).fill(110))
    expect(Date.parse(rest[0]?.complete_from ?? '')).toBeGreaterThan(Date.parse(cursor))
  })

  it('leaves the strips to a replay, which is read once for all who ask for the same', async () => {
    const group = await makeGroupOf(3, '5.3')
    await measure(group, 30)
    const snapshots = createSnapshots(database, () => 0)
    const asked = snapshots.replay(group.id, [1, 3, 99])
    expect(snapshots.replay(group.id, [1, 3, 99])).toBe(asked)
    const [frame = '', ...more] = await asked
    expect(more).toEqual([])
    const { topic, strips } = Replay.parse(JSON.parse(frame))
    expect(topic).toBe(`group:${group.id}`)
    expect(strips.map(({ n, v }) => [n, v.length])).toEqual([
      [1, 30],
      [3, 30],
      [99, 0],
    ])
  })
})
