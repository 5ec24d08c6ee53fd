import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { groupOfWatchers, WORKERS } from '#lib/channels/names.ts'
import { targetRuns, targets } from '#lib/db/schema.ts'
import { DEFAULT_PARAMETERS, GroupPatch, MyGroup } from '#lib/groups/contract.ts'
import { createGroup, patchGroup } from '#lib/groups/write.ts'
import { readTargets } from '#lib/targets/read.ts'
import { makeGroup } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db, contextOf, person, actionsOn, openRunsOf } = createSetting()

describe('patchGroup', () => {
  it('renames and tells the watchers', async () => {
    const { user, ctx } = await person()
    const group = await makeGroup(db(), user)
    const heard = await hearGroup(channels, groupOfWatchers(group.id))
    const changed = await patchGroup(ctx, { groupId: group.id, name: 'Edge' })
    expect(MyGroup.parse(changed).name).toBe('Edge')
    expect(Date.parse(changed.updated_at)).toBeGreaterThan(group.updatedAt.getTime())
    await until(() => heard.length > 0)
    expect(heard).toEqual([{ type: 'group.changed' }])
    expect(await actionsOn(group.id)).toEqual(['group.changed'])
  })

  it('moves every target to other probes with new runs, and keeps the old ones', async () => {
    const { ctx } = await person()
    const { group } = await createGroup(ctx, {
      name: 'Moving',
      hosts: '127.0.0.1 127.0.0.2 127.0.0.3',
    })
    await stopOne(group.id, 3)
    const [watchers, workers] = [
      await hearGroup(channels, groupOfWatchers(group.id)),
      await hearGroup(channels, WORKERS),
    ]
    const before = await rowsOf(group.id)
    const changed = await patchGroup(ctx, { groupId: group.id, parameters: { interval_ms: 500 } })
    expect(changed.parameters).toEqual({ ...DEFAULT_PARAMETERS, interval_ms: 500 })
    const after = await rowsOf(group.id)
    expect(after.filter((row, i) => row.probeId === before[i]?.probeId)).toEqual([])
    expect(await openRunsOf(group.id)).toEqual(['127.0.0.1', '127.0.0.2'])
    const runs = await db()
      .select()
      .from(targetRuns)
      .where(eq(targetRuns.targetId, before[0]?.id ?? ''))
      .orderBy(targetRuns.startedAt)
    expect(runs).toHaveLength(2)
    expect(runs[0]?.endedAt?.getTime()).toBeLessThanOrEqual(runs[1]?.startedAt.getTime() ?? 0)
    await until(() => watchers.length > 1 && workers.length > 0)
    expect(watchers).toEqual([{ type: 'targets.changed', n: [[1, 3]] }, { type: 'group.changed' }])
    expect(workers).toContainEqual({ type: 'roster.changed', group_id: group.id })

    async function stopOne(groupId: string, n: number) {
      const target = (await readTargets(db(), groupId)).find((t) => t.n === n)
      await db()
        .update(targets)
        .set({ state: 'stopped' })
        .where(eq(targets.id, target?.id ?? ''))
      await db()
        .delete(targetRuns)
        .where(eq(targetRuns.targetId, target?.id ?? ''))
    }
  })

  it('leaves everything as it is where nothing changes', async () => {
    const { ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'Still', hosts: '127.0.0.1' })
    const heard = await hearGroup(channels, groupOfWatchers(group.id))
    const input = { name: 'Still', parameters: { interval_ms: 1_000 } }
    const { added, skipped, stream, ...before } = group
    expect(await patchGroup(ctx, { groupId: group.id, ...input })).toEqual(before)
    expect(await patchGroup(ctx, { groupId: group.id })).toEqual(before)
    expect(heard).toEqual([])
  })

  it('refuses a faster interval above the limit of packets and lets a slower one pass', async () => {
    const { user, ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'Fast', hosts: '127.0.1.0/29' })
    const limited = contextOf(user, { MAX_PACKETS_PER_SECOND_PER_USER: 5 })
    const failure = await failureOf(
      patchGroup(limited, { groupId: group.id, parameters: { interval_ms: 500 } }),
    )
    expect(failure).toMatchObject({ status: 409, facts: { limit: 5, needed: 12 } })
    await patchGroup(limited, { groupId: group.id, parameters: { interval_ms: 1_100 } })
  })

  it('lets an editor change it, but not a viewer', async () => {
    const [owner, editor, viewer] = [await person(), await person(), await person()]
    const group = await makeGroup(db(), owner.user, {}, [
      { user: editor.user, role: 'editor' },
      { user: viewer.user, role: 'viewer' },
    ])
    const input = { groupId: group.id, name: 'Theirs' }
    expect(await patchGroup(editor.ctx, input)).toMatchObject({ name: 'Theirs', role: 'editor' })
    expect(await failureOf(patchGroup(viewer.ctx, input))).toMatchObject({ status: 403 })
  })

  it('refuses names and fields as they are refused at creation', () => {
    for (const patch of [{ name: '' }, { name: 'x'.repeat(201) }, { owner: 'me' }]) {
      expect(GroupPatch.safeParse(patch).success).toBe(false)
    }
  })

  const rowsOf = (groupId: string) =>
    db().select().from(targets).where(eq(targets.groupId, groupId)).orderBy(targets.n)
})
