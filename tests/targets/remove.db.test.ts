import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { patchGroup } from '#lib/groups/write.ts'
import { addTargets, deleteTarget, patchTarget, restoreTargets } from '#lib/targets/write.ts'
import { makeGroup } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db, contextOf, person, groupOf, hostsOf, actionsOn, openRunsOf } = createSetting()

describe('deleteTarget and restoreTargets', () => {
  it('removes a target and brings it back to its place, once', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1-3')
    const heard = await hearGroup(channels, groupOfWatchers(groupId))
    await deleteTarget(ctx, at(1))
    expect(await hostsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.3'])
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.3'])
    expect(await failureOf(deleteTarget(ctx, at(1)))).toMatchObject({ status: 404 })
    const undo = { groupId, target_ids: [at(1).targetId, at(1).targetId, at(2).targetId] }
    const back = await restoreTargets(ctx, undo)
    expect(back).toMatchObject({ targets: [{ n: 2, host: '127.0.0.2' }], skipped: [] })
    expect(await restoreTargets(ctx, undo)).toEqual({ targets: [], skipped: [] })
    expect(await hostsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3'])
    expect(await openRunsOf(groupId)).toHaveLength(3)
    await until(() => heard.length > 3)
    const message = { type: 'targets.changed', n: [[2, 2]] }
    expect(heard).toEqual([message, { type: 'group.changed' }, message, { type: 'group.changed' }])
    expect(await actionsOn(groupId)).toEqual([
      'group.created',
      'targets.removed',
      'targets.restored',
    ])
  })

  it('brings a stopped target back stopped, and with the parameters of now', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1-2')
    await patchTarget(ctx, { ...at(0), state: 'stopped' })
    for (const i of [0, 1]) await deleteTarget(ctx, at(i))
    await patchGroup(ctx, { groupId, parameters: { interval_ms: 2_000 } })
    await restoreTargets(ctx, { groupId, target_ids: [at(0).targetId, at(1).targetId] })
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.2'])
    const added = await addTargets(ctx, { groupId, hosts: '127.0.0.1' })
    expect(added.skipped).toHaveLength(1)
  })

  it('skips what the group has again, and the elder of two of one address', async () => {
    const { ctx, groupId, at } = await groupOf('127.0.0.1-2')
    for (const i of [0, 1]) await deleteTarget(ctx, at(i))
    const { added } = await addTargets(ctx, { groupId, hosts: '127.0.0.1-2' })
    expect(added.map(({ n }) => n)).toEqual([3, 4])
    const secondId = added[1]?.id ?? ''
    await deleteTarget(ctx, { groupId, targetId: secondId })
    const target_ids = [at(0).targetId, at(1).targetId, secondId]
    const { targets, skipped } = await restoreTargets(ctx, { groupId, target_ids })
    expect(targets.map(({ n }) => n)).toEqual([4])
    expect(skipped.map(({ input }) => input)).toEqual(['127.0.0.1', '127.0.0.2'])
  })

  it('refuses targets of another group as missing, and brings back none', async () => {
    const [{ ctx, groupId, at }, other] = [await groupOf('127.0.0.1'), await groupOf('127.0.0.1')]
    await deleteTarget(ctx, at(0))
    const target_ids = [at(0).targetId, other.at(0).targetId]
    expect(await failureOf(restoreTargets(ctx, { groupId, target_ids }))).toMatchObject({
      status: 404,
    })
    expect(await hostsOf(groupId)).toEqual([])
  })

  it('refuses to bring back more than a limit holds', async () => {
    const { user, ctx, groupId, at } = await groupOf('127.0.0.1-3')
    await deleteTarget(ctx, at(0))
    const limited = contextOf(user, { MAX_TARGETS_PER_GROUP: 2 })
    const input = { groupId, target_ids: [at(0).targetId] }
    expect(await failureOf(restoreTargets(limited, input))).toMatchObject({ status: 409 })
  })

  it('refuses a viewer', async () => {
    const [{ user: owner }, viewer] = [await person(), await person()]
    const group = await makeGroup(db(), owner, {}, [{ user: viewer.user, role: 'viewer' }])
    const [groupId, targetId] = [group.id, randomUUID()]
    expect(await failureOf(deleteTarget(viewer.ctx, { groupId, targetId }))).toMatchObject({
      status: 403,
    })
    const input = { groupId, target_ids: [targetId] }
    expect(await failureOf(restoreTargets(viewer.ctx, input))).toMatchObject({ status: 403 })
  })
})
