import { v7 as newId } from 'uuid'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '#lib/auth/context.ts'
import { createRightsReader } from '#lib/live/rights-reader.ts'
import { actorOf, disableUser, makeGroup, makeSession, makeUser } from '../support/factories.ts'
import { createSetting } from '../support/setting.ts'

const { db } = createSetting()
afterEach(() => void vi.restoreAllMocks())

describe('the rights of many readers', () => {
  it('are read in one question, each as if it were asked alone', async () => {
    const [owner, editor, viewer, stranger] = await Promise.all(
      Array.from({ length: 4 }, () => makeUser(db())),
    )
    if (!owner || !editor || !viewer || !stranger) throw new Error('Nobody was made.')
    const members = [
      { user: editor, role: 'editor' as const },
      { user: viewer, role: 'viewer' as const },
    ]
    const hidden = await makeGroup(db(), owner, {}, members)
    const open = await makeGroup(db(), owner, { visibility: 'public' })
    const gone = await makeGroup(db(), owner, { deletedAt: new Date() })
    const link: Actor = { kind: 'link', linkId: newId(), groupId: hidden.id }
    const groupIds = [hidden.id, open.id, gone.id, newId()]
    const actors = [...[owner, editor, viewer, stranger].map((user) => actorOf(user)), link]
    const select = vi.spyOn(db(), 'select')
    const { roles } = createRightsReader({ db: db() })
    const answers = await Promise.all(actors.map((actor) => roles({ actor, groupIds })))
    expect(select).toHaveBeenCalledTimes(1)
    expect(answers.map((answer) => groupIds.map((id) => answer.get(id)))).toEqual([
      ['owner', 'owner', undefined, undefined],
      ['editor', 'viewer', undefined, undefined],
      ['viewer', 'viewer', undefined, undefined],
      [undefined, 'viewer', undefined, undefined],
      ['viewer', undefined, undefined, undefined],
    ])
  })

  it('tell in one question who is still calling, and until when', async () => {
    const [living, disabled] = [await makeUser(db()), await makeUser(db())]
    const sessions = [await makeSession(db(), living), await makeSession(db(), disabled)]
    await disableUser(db(), disabled)
    const actors = [
      ...[living, disabled].map((user, i) => actorOf(user, sessions[i]?.sessionId)),
      actorOf(living),
    ]
    const select = vi.spyOn(db(), 'select')
    const { caller } = createRightsReader({ db: db() })
    const callers = await Promise.all([...actors, ...actors].map(caller))
    expect(select).toHaveBeenCalledTimes(1)
    const kinds = ['user', 'nobody', 'nobody']
    expect(callers.map(({ actor }) => actor.kind)).toEqual([...kinds, ...kinds])
    expect(callers[0]?.actor).toEqual(actors[0])
    expect(callers[0]?.endsAtMs).toBeGreaterThan(Date.now())
    expect(await caller({ kind: 'nobody' })).toMatchObject({ actor: { kind: 'nobody' } })
  })
})
