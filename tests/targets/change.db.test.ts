import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { patchGroup } from '#lib/groups/write.ts'
import { Target, TargetPatch } from '#lib/targets/contract.ts'
import { listTargets, readTargetsByNumber, showTarget } from '#lib/targets/read.ts'
import { deleteTarget, patchTarget } from '#lib/targets/write.ts'
import { makeGroup } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db, person, groupOf, hostsOf, actionsOn, openRunsOf } = createSetting()

describe('reading targets', () => {
  it('lists them in the order of the wall, page by page', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1-5')
    await patchTarget(ctx, { ...at(4), position: 1.5 })
    await patchTarget(ctx, { ...at(3), position: 1.5 })
    const first = await listTargets(ctx, { groupId, limit: 2 })
    const second = await listTargets(ctx, { groupId, limit: 2, cursor: first.next_cursor ?? '' })
    const third = await listTargets(ctx, { groupId, limit: 2, cursor: second.next_cursor ?? '' })
    const items = [...first.items, ...second.items, ...third.items]
    expect(items.map(({ n }) => n)).toEqual([1, 4, 5, 2, 3])
    expect(third.next_cursor).toBeNull()
    for (const item of items) Target.parse(item)
  })

  it('gives those of some numbers, and which of them are gone', async () => {
    const { ctx, groupId, at, added } = await groupOf('127.0.0.1-6')
    await deleteTarget(ctx, at(1))
    await deleteTarget(ctx, at(5))
    const { targets, removed } = await readTargetsByNumber(db(), groupId, [
      [1, 3],
      [5, 5],
      [90, 99],
    ])
    expect(targets.map(({ n }) => n)).toEqual([1, 3, 5])
    expect(removed).toEqual([added[1]?.id])
  })

  it('answers 404 for a target of another group', async () => {
    const [{ ctx, groupId }, other] = [await groupOf('127.0.0.1'), await groupOf('127.0.0.1')]
    for (const targetId of [other.at(0).targetId, randomUUID()]) {
      expect(await failureOf(showTarget(ctx, { groupId, targetId }))).toMatchObject({ status: 404 })
    }
  })
})

describe('patchTarget', () => {
  it('labels and moves a target and tells the watchers', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1-2')
    const heard = await hearGroup(channels, groupOfWatchers(groupId))
    const changed = await patchTarget(ctx, { ...at(1), label: 'edge', position: 0.5 })
    expect(Target.parse(changed)).toMatchObject({ n: 2, label: 'edge', position: 0.5 })
    expect(await hostsOf(groupId)).toEqual(['127.0.0.2', '127.0.0.1'])
    await until(() => heard.length > 0)
    expect(heard).toEqual([{ type: 'targets.changed', n: [[2, 2]] }])
    expect(await actionsOn(at(1).targetId)).toEqual(['target.changed'])
  })

  it('stops and starts a target, each once, with its runs', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1-2')
    const heard = await hearGroup(channels, groupOfWatchers(groupId))
    const stopped = await patchTarget(ctx, { ...at(0), state: 'stopped' })
    expect(stopped).toMatchObject({ state: 'stopped', stopped_by: 'person', running_since: null })
    expect(await patchTarget(ctx, { ...at(0), state: 'stopped' })).toEqual(stopped)
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.2'])
    const started = await patchTarget(ctx, { ...at(0), state: 'running' })
    expect(started).toMatchObject({ state: 'running', stopped_by: null })
    expect(started.running_since).not.toBeNull()
    expect(await patchTarget(ctx, { ...at(0), state: 'running' })).toEqual(started)
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.2'])
    await until(() => heard.length > 1)
    expect(heard).toHaveLength(2)
    expect(await actionsOn(at(0).targetId)).toHaveLength(2)
  })

  it('opens one run when it is started twice at once', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1')
    await patchTarget(ctx, { ...at(0), state: 'stopped' })
    await Promise.all([1, 2, 3].map(() => patchTarget(ctx, { ...at(0), state: 'running' })))
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1'])
  })

  it('starts with the parameters of now, whatever they were when it was stopped', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1')
    await patchTarget(ctx, { ...at(0), state: 'stopped' })
    await patchGroup(ctx, { groupId, parameters: { ttl: 9 } })
    expect(await openRunsOf(groupId)).toEqual([])
    await patchTarget(ctx, { ...at(0), state: 'running' })
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1'])
  })

  it('refuses a viewer with 403, and a stranger and a wrong id with 404', async () => {
    const [viewer, stranger] = [await person(), await person()]
    const { user, ctx, at } = await groupOf('127.0.0.1')
    const group = await makeGroup(db(), user, {}, [{ user: viewer.user, role: 'viewer' }])
    const inIt = { groupId: group.id, targetId: at(0).targetId, label: 'x' }
    expect(await failureOf(patchTarget(viewer.ctx, inIt))).toMatchObject({ status: 403 })
    expect(await failureOf(patchTarget(stranger.ctx, inIt))).toMatchObject({ status: 404 })
    expect(await failureOf(patchTarget(ctx, inIt))).toMatchObject({ status: 404 })
  })

  it('refuses values out of bounds, and fields and states that are not a person’s to set', () => {
    const refused = [
      { label: 'x'.repeat(201) },
      { label: 'a\nb' },
      { state: 'parked' },
      { position: Number.POSITIVE_INFINITY },
      { host: '127.0.0.9' },
    ]
    for (const patch of refused) expect(TargetPatch.safeParse(patch).success).toBe(false)
  })
})
