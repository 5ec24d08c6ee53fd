import { v7 as newId } from 'uuid'
import { describe, expect, it } from 'vitest'
import { groupOfWatchers } from '#lib/channels/names.ts'
import { marks } from '#lib/db/schema.ts'
import { MOST_MARKS } from '#lib/marks/contract.ts'
import { listMarks } from '#lib/marks/read.ts'
import { deleteMark, makeMark, restoreMarks } from '#lib/marks/write.ts'
import { makeGroup } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db, person, groupOf, actionsOn } = createSetting()
const AT = new Date('2026-01-31T08:00:00.000Z')

describe('a mark', () => {
  it('is made once, taken away and brought back, and everybody is told', async () => {
    const { ctx, user, groupId } = await groupOf()
    const heard = await hearGroup(channels, groupOfWatchers(groupId))
    const input = { groupId, id: newId(), at: AT, text: 'new uplink' }
    const { isNew, mark } = await makeMark(ctx, input)
    expect(isNew).toBe(true)
    const made_by = { id: user.id, employee_no: user.employeeNo, name: user.name }
    expect(mark).toMatchObject({ id: input.id, at: AT.toISOString(), text: 'new uplink', made_by })
    expect(await makeMark(ctx, input)).toEqual({ isNew: false, mark })
    await deleteMark(ctx, { groupId, markId: mark.id })
    expect(await listMarks(ctx, { groupId })).toEqual({ items: [], next_cursor: null })
    expect((await failureOf(deleteMark(ctx, { groupId, markId: mark.id }))).status).toBe(404)
    expect((await failureOf(makeMark(ctx, input))).status).toBe(409)
    const undo = { groupId, mark_ids: [mark.id, mark.id] }
    expect(await restoreMarks(ctx, undo)).toEqual({ marks: [mark] })
    expect(await restoreMarks(ctx, undo)).toEqual({ marks: [] })
    expect((await listMarks(ctx, { groupId })).items).toEqual([mark])
    await until(() => heard.length === 3)
    expect(heard).toEqual(Array(3).fill({ type: 'marks.changed' }))
    expect((await actionsOn(groupId)).slice(1)).toEqual([
      'mark.made',
      'mark.removed',
      'mark.restored',
    ])
  })

  it('is of now where no time is given, and the latest is told first', async () => {
    const { ctx, groupId } = await groupOf()
    const { mark: now } = await makeMark(ctx, { groupId, text: 'now' })
    expect(Math.abs(Date.parse(now.at) - Date.now())).toBeLessThan(10_000)
    await makeMark(ctx, { groupId, text: 'long ago', at: AT })
    await makeMark(ctx, { groupId, text: 'planned', at: new Date(Date.now() + 86_400_000) })
    const { items } = await listMarks(ctx, { groupId })
    expect(items.map(({ text }) => text)).toEqual(['planned', 'now', 'long ago'])
  })

  it('is seen by viewers, changed by editors, and does not exist for strangers', async () => {
    const [owner, editor, viewer] = [await person(), await person(), await person()]
    const group = await makeGroup(db(), owner.user, {}, [
      { user: editor.user, role: 'editor' },
      { user: viewer.user, role: 'viewer' },
    ])
    const groupId = group.id
    const { mark } = await makeMark(editor.ctx, { groupId, text: 'mine' })
    expect((await listMarks(viewer.ctx, { groupId })).items).toEqual([mark])
    const stranger = await person()
    for (const [one, status] of [
      [viewer, 403],
      [stranger, 404],
    ] as const) {
      const wishes = [
        () => makeMark(one.ctx, { groupId, text: 'no' }),
        () => deleteMark(one.ctx, { groupId, markId: mark.id }),
        () => restoreMarks(one.ctx, { groupId, mark_ids: [mark.id] }),
      ]
      for (const wish of wishes) expect((await failureOf(wish())).status).toBe(status)
    }
    const hidden = await failureOf(listMarks(stranger.ctx, { groupId }))
    const missing = await failureOf(listMarks(stranger.ctx, { groupId: newId() }))
    expect([hidden.status, hidden.message]).toEqual([404, missing.message])
  })

  it('of another group is as one that never was', async () => {
    const [{ ctx, groupId }, other] = [await groupOf(), await groupOf()]
    const { mark } = await makeMark(other.ctx, { groupId: other.groupId, text: 'theirs' })
    const taken = makeMark(ctx, { groupId, id: mark.id, text: 'mine' })
    expect((await failureOf(taken)).status).toBe(409)
    for (const markId of [mark.id, newId()]) {
      expect((await failureOf(deleteMark(ctx, { groupId, markId }))).status).toBe(404)
      const restored = restoreMarks(ctx, { groupId, mark_ids: [markId] })
      expect((await failureOf(restored)).status).toBe(404)
    }
    expect((await listMarks(other.ctx, { groupId: other.groupId })).items).toEqual([mark])
  })

  it('is refused where the group has as many as can be told', async () => {
    const { ctx, user, groupId } = await groupOf()
    const { mark } = await makeMark(ctx, { groupId, text: 'first' })
    await deleteMark(ctx, { groupId, markId: mark.id })
    const many = Array.from({ length: MOST_MARKS }, () => ({
      ...{ id: newId(), groupId, at: AT, text: 'many', madeBy: user.id },
    }))
    await db().insert(marks).values(many)
    expect((await failureOf(makeMark(ctx, { groupId, text: 'more' }))).status).toBe(409)
    const restored = restoreMarks(ctx, { groupId, mark_ids: [mark.id] })
    expect((await failureOf(restored)).status).toBe(409)
    expect((await listMarks(ctx, { groupId })).items).toHaveLength(MOST_MARKS)
  })
})
