import { describe, expect, it } from 'vitest'
import { groupOfWatchers, WORKERS } from '#lib/channels/names.ts'
import { listCards, readGroup, showGroup } from '#lib/groups/read.ts'
import { createGroup, deleteGroup, restoreGroup, startGroup, stopGroup } from '#lib/groups/write.ts'
import { readTargets } from '#lib/targets/read.ts'
import { makeGroup } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db, contextOf, person, actionsOn, openRunsOf } = createSetting()

describe('deleteGroup and restoreGroup', () => {
  it('takes the group away with its runs and brings back what ran', async () => {
    const { ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'Gone', hosts: '127.0.0.1 127.0.0.2' })
    const { id: groupId } = group
    const [watchers, workers] = [
      await hearGroup(channels, groupOfWatchers(groupId)),
      await hearGroup(channels, WORKERS),
    ]
    await deleteGroup(ctx, { groupId })
    expect(await openRunsOf(groupId)).toEqual([])
    expect(await listCards(ctx)).toEqual([])
    expect(await failureOf(showGroup(ctx, { groupId }))).toMatchObject({ status: 404 })
    expect(await failureOf(deleteGroup(ctx, { groupId }))).toMatchObject({ status: 404 })
    await until(() => watchers.length > 0 && workers.length > 0)
    expect(watchers).toEqual([{ type: 'group.removed' }])
    expect(workers).toContainEqual({ type: 'roster.changed', group_id: groupId })

    expect(await restoreGroup(ctx, { groupId })).toMatchObject({ id: groupId, target_count: 2 })
    expect(await restoreGroup(ctx, { groupId })).toMatchObject({ id: groupId, target_count: 2 })
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.2'])
    expect(await listCards(ctx)).toHaveLength(1)
    expect(await actionsOn(groupId)).toEqual(['group.created', 'group.deleted', 'group.restored'])
  })

  it('belongs to the owner alone', async () => {
    const [owner, editor] = [await person(), await person()]
    const group = await makeGroup(db(), owner.user, {}, [{ user: editor.user, role: 'editor' }])
    const input = { groupId: group.id }
    expect(await failureOf(deleteGroup(editor.ctx, input))).toMatchObject({ status: 403 })
    await deleteGroup(owner.ctx, input)
    expect(await failureOf(restoreGroup(editor.ctx, input))).toMatchObject({ status: 404 })
  })

  it('refuses to bring back more than the limits hold', async () => {
    const { user, ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'Large', hosts: '127.0.0.0/28' })
    await deleteGroup(ctx, { groupId: group.id })
    const limited = contextOf(user, { MAX_TARGETS_PER_USER: 10 })
    const failure = await failureOf(restoreGroup(limited, { groupId: group.id }))
    expect(failure).toMatchObject({ status: 409, facts: { limit: 10, needed: 14 } })
    expect(await readGroup(db(), group.id)).toBeUndefined()
  })
})

describe('startGroup and stopGroup', () => {
  it('stops and starts every target once, with their runs', async () => {
    const { ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'Switch', hosts: '127.0.0.1 127.0.0.2' })
    const groupId = group.id
    const heard = await hearGroup(channels, groupOfWatchers(groupId))
    expect(await stopGroup(ctx, { groupId })).toEqual({ targets: group.added, skipped: [] })
    expect(await stopGroup(ctx, { groupId })).toEqual({ targets: [], skipped: [] })
    expect(await openRunsOf(groupId)).toEqual([])
    for (const target of await readTargets(db(), groupId)) {
      expect(target).toMatchObject({ state: 'stopped', stopped_by: 'person', running_since: null })
    }
    expect(await startGroup(ctx, { groupId })).toEqual({ targets: group.added, skipped: [] })
    expect(await startGroup(ctx, { groupId })).toEqual({ targets: [], skipped: [] })
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.2'])
    await until(() => heard.length > 1)
    const message = { type: 'targets.changed', n: [[1, 2]] }
    expect(heard).toEqual([message, message])
    expect(await actionsOn(groupId)).toEqual(['group.created', 'group.stopped', 'group.started'])
  })

  it('refuses a viewer', async () => {
    const [owner, viewer] = [await person(), await person()]
    const group = await makeGroup(db(), owner.user, {}, [{ user: viewer.user, role: 'viewer' }])
    for (const verb of [startGroup, stopGroup]) {
      expect(await failureOf(verb(viewer.ctx, { groupId: group.id }))).toMatchObject({
        status: 403,
      })
    }
  })
})
