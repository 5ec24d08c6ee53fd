import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { cards, groups } from '#lib/db/schema.ts'
import { MyGroup } from '#lib/groups/contract.ts'
import { listCards, listGroups, showGroup } from '#lib/groups/read.ts'
import {
  deleteGroup,
  patchGroup,
  putCard,
  removeCard,
  restoreGroup,
  startGroup,
  stopGroup,
} from '#lib/groups/write.ts'
import { problemOf } from '#lib/http/problem.ts'
import { makeGroup } from '../support/factories.ts'
import { createSetting, failureOf } from '../support/setting.ts'

const { db, person } = createSetting()

describe('reading groups', () => {
  it('lists what I own, was shared, or may see as public, the newest first, page by page', async () => {
    const [{ user, ctx }, { user: other }] = [await person(), await person()]
    const own = await makeGroup(db(), user)
    const shared = await makeGroup(db(), other, {}, [{ user, role: 'editor' }])
    const open = await makeGroup(db(), other, { visibility: 'public' })
    await makeGroup(db(), other)
    await makeGroup(db(), user, { deletedAt: new Date() })
    const first = await listGroups(ctx, { limit: 2 })
    const second = await listGroups(ctx, { limit: 2, cursor: first.next_cursor ?? '' })
    const items = [...first.items, ...second.items].filter(({ owner }) =>
      [user.id, other.id].includes(owner.id),
    )
    expect(items.map(({ id, role }) => [id, role])).toEqual([
      [open.id, 'viewer'],
      [shared.id, 'editor'],
      [own.id, 'owner'],
    ])
    for (const item of items) MyGroup.parse(item)
  })

  it('ends with no cursor', async () => {
    const { user, ctx } = await person()
    await makeGroup(db(), user)
    const { next_cursor } = await listGroups(ctx, { limit: 1_000 })
    expect(next_cursor).toBeNull()
  })

  it('answers a stranger exactly as if the group did not exist', async () => {
    const [{ user }, { ctx }] = [await person(), await person()]
    const hidden = await makeGroup(db(), user)
    const deleted = await makeGroup(db(), user, { deletedAt: new Date() })
    for (const verb of [
      showGroup,
      patchGroup,
      deleteGroup,
      restoreGroup,
      startGroup,
      stopGroup,
      putCard,
    ]) {
      const problems = await Promise.all(
        [hidden.id, deleted.id, randomUUID()].map(async (groupId) =>
          JSON.stringify(problemOf(await failureOf(verb(ctx, { groupId })))),
        ),
      )
      expect(JSON.parse(problems[0] ?? '')).toMatchObject({ status: 404 })
      expect(new Set(problems).size).toBe(1)
    }
  })
})

describe('my wall', () => {
  it('takes cards at its end, each once, and loses them without a word', async () => {
    const [{ user, ctx }, { user: other }] = [await person(), await person()]
    const first = await makeGroup(db(), other, { visibility: 'public' })
    const second = await makeGroup(db(), user)
    for (const { id } of [first, second, first]) await putCard(ctx, { groupId: id })
    expect((await listCards(ctx)).map(({ id, role }) => [id, role])).toEqual([
      [first.id, 'viewer'],
      [second.id, 'owner'],
    ])
    for (const groupId of [first.id, first.id, randomUUID()]) await removeCard(ctx, { groupId })
    expect((await listCards(ctx)).map(({ id }) => id)).toEqual([second.id])
  })

  it('shows no group that I no longer see', async () => {
    const [{ ctx }, { user: other }] = [await person(), await person()]
    const group = await makeGroup(db(), other, { visibility: 'public' })
    await putCard(ctx, { groupId: group.id })
    await db().update(groups).set({ visibility: 'private' }).where(eq(groups.id, group.id))
    expect(await listCards(ctx)).toEqual([])
    expect(await db().select().from(cards).where(eq(cards.groupId, group.id))).toHaveLength(1)
  })
})
