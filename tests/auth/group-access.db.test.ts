import { v7 as newId } from 'uuid'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import { inTransaction } from '#lib/db/client.ts'
import { problemOf, toAppError } from '#lib/http/problem.ts'
import { actorOf, makeGroup, makeUser, type TestUser } from '../support/factories.ts'
import { createSetting } from '../support/setting.ts'

const { db } = createSetting()
let owner: TestUser, editor: TestUser, viewer: TestUser, stranger: TestUser

beforeAll(async () => {
  const make = () => makeUser(db())
  owner = await make()
  editor = await make()
  viewer = await make()
  stranger = await make()
})

const makeShared = (given = {}) =>
  makeGroup(db(), owner, given, [
    { user: editor, role: 'editor' },
    { user: viewer, role: 'viewer' },
  ])

const ask = (actor: Actor, groupId: string, needed: 'viewer' | 'editor' | 'owner') =>
  requireGroup({ actor, db: db() }, groupId, needed)

async function answerTo(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return JSON.stringify(problemOf(toAppError(error)))
}

describe('requireGroup', () => {
  it('opens the group with the role of whoever asks', async () => {
    const group = await makeShared()
    expect(await ask(actorOf(owner), group.id, 'owner')).toEqual({ group, role: 'owner' })
    expect(await ask(actorOf(editor), group.id, 'editor')).toEqual({ group, role: 'editor' })
    expect(await ask(actorOf(viewer), group.id, 'viewer')).toEqual({ group, role: 'viewer' })
    expect(await ask({ kind: 'worker' }, group.id, 'owner')).toMatchObject({ role: 'owner' })
    const link: Actor = { kind: 'link', linkId: newId(), groupId: group.id }
    expect(await ask(link, group.id, 'viewer')).toMatchObject({ role: 'viewer' })
  })

  it('opens a public group to every account, to look at', async () => {
    const group = await makeShared({ visibility: 'public' })
    expect(await ask(actorOf(stranger), group.id, 'viewer')).toMatchObject({ role: 'viewer' })
    await expect(ask(actorOf(stranger), group.id, 'editor')).rejects.toMatchObject({ status: 403 })
    await expect(ask({ kind: 'nobody' }, group.id, 'viewer')).rejects.toMatchObject({ status: 404 })
  })

  it('forbids what is more than the role, to those who see the group', async () => {
    const group = await makeShared()
    await expect(ask(actorOf(viewer), group.id, 'editor')).rejects.toMatchObject({ status: 403 })
    await expect(ask(actorOf(editor), group.id, 'owner')).rejects.toMatchObject({ status: 403 })
  })

  it('answers a stranger and an administrator exactly as if the group did not exist', async () => {
    const hidden = await makeShared()
    const deleted = await makeShared({ deletedAt: new Date() })
    const admin = await makeUser(db(), { role: 'admin' })
    const missing = await answerTo(ask(actorOf(stranger), newId(), 'viewer'))
    for (const needed of ['viewer', 'editor', 'owner'] as const) {
      expect(await answerTo(ask(actorOf(stranger), hidden.id, needed))).toBe(missing)
      expect(await answerTo(ask(actorOf(admin), hidden.id, needed))).toBe(missing)
      expect(await answerTo(ask(actorOf(owner), deleted.id, needed))).toBe(missing)
    }
  })

  it('sees in a transaction what the transaction has changed', async () => {
    const group = await makeShared()
    await inTransaction({ db: db(), actor: actorOf(owner) }, async (ctx) => {
      const { tx } = ctx
      await tx.execute(`update groups set name = 'renamed' where id = '${group.id}'`)
      expect((await requireGroup(ctx, group.id, 'owner')).group.name).toBe('renamed')
    })
  })

  it('lets the editors of one group go one after the other inside transactions', async () => {
    const group = await makeShared()
    const order: string[] = []
    const edit = (actor: Actor, name: string) =>
      inTransaction({ db: db(), actor }, async (ctx) => {
        await requireGroup(ctx, group.id, 'editor')
        order.push(`${name} begins`)
        await ctx.tx.execute('select pg_sleep(0.05)')
        order.push(`${name} ends`)
      })
    await Promise.all([edit(actorOf(owner), 'one'), edit(actorOf(editor), 'two')])
    expect(order.filter((_, i) => i % 2 === 0).every((line) => line.endsWith('begins'))).toBe(true)
  })
})
