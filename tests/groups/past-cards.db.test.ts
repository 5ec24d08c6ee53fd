import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { listPastCards } from '#lib/groups/past-cards.ts'
import { createGroup, deleteGroup, putCard, removeCard, restoreGroup } from '#lib/groups/write.ts'
import { readNow } from '#lib/samples/window.ts'
import { makeGroup } from '../support/factories.ts'
import { createSetting, failureOf } from '../support/setting.ts'

const { db, person, contextOf, channels } = createSetting()

// Times are whole milliseconds; what is done before and after has another one.
async function moment(): Promise<Date> {
  await pause(3)
  const at = await readNow(db())
  await pause(3)
  return at
}

describe('my wall of then', () => {
  it('holds the cards of each moment in their order, and says until when', async () => {
    const { ctx, user } = await person()
    const create = async (name: string) => (await createGroup(ctx, { name })).group.id
    const stood = async (at: Date) => (await listPastCards(ctx, { at })).items.map(({ id }) => id)
    const empty = await moment()
    const a = await create('a')
    const one = await moment()
    const b = await create('b')
    const two = await moment()
    await db().execute(sql`update cards set position = 9
      where user_id = ${user.id} and group_id = ${a}`)
    const turned = await moment()
    await removeCard(ctx, { groupId: a })
    const without = await moment()
    await putCard(ctx, { groupId: a })
    await deleteGroup(ctx, { groupId: b })
    const deleted = await moment()
    await restoreGroup(ctx, { groupId: b })
    const now = await moment()
    expect(await stood(empty)).toEqual([])
    expect(await stood(one)).toEqual([a])
    expect(await stood(two)).toEqual([a, b])
    expect(await stood(turned)).toEqual([b, a])
    expect(await stood(without)).toEqual([b])
    expect(await stood(deleted)).toEqual([a])
    expect(await stood(now)).toEqual([b, a])
    const { until } = await listPastCards(ctx, { at: one })
    expect(Date.parse(until ?? '')).toBeGreaterThan(one.getTime())
    expect(Date.parse(until ?? '')).toBeLessThan(two.getTime())
    expect((await listPastCards(ctx, { at: now })).until).toBeNull()
  })

  it('has no card of a group that is hidden from me today, or gone', async () => {
    const { ctx } = await person()
    const owner = await person()
    const open = await makeGroup(db(), owner.user, { visibility: 'public' })
    const gone = (await createGroup(ctx, { name: 'gone' })).group.id
    await putCard(ctx, { groupId: open.id })
    const at = await moment()
    expect((await listPastCards(ctx, { at })).items).toHaveLength(2)
    await db().execute(sql`update groups set visibility = 'private' where id = ${open.id}`)
    await deleteGroup(ctx, { groupId: gone })
    expect((await listPastCards(ctx, { at })).items).toEqual([])
  })

  it('outlives neither the person nor the group', async () => {
    const { ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'gone for good' })
    await db().execute(sql`delete from groups where id = ${group.id}`)
    const left = await db().execute(sql`select from card_versions where group_id = ${group.id}`)
    expect(left).toHaveLength(0)
  })

  it('is nobody else’s', async () => {
    const { user } = await person()
    const stranger = { ...contextOf(user), channels, actor: { kind: 'nobody' } as const }
    const asked = listPastCards(stranger, { at: new Date() })
    expect(await failureOf(asked)).toMatchObject({ status: 401 })
  })
})
