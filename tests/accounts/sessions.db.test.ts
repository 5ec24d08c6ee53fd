import { v7 as newId } from 'uuid'
import { describe, expect, it } from 'vitest'
import { listSessions } from '#lib/accounts/read.ts'
import { endMySession } from '#lib/accounts/write.ts'
import { findActor } from '#lib/auth/session.ts'
import { ACCESS, groupOfUser } from '#lib/channels/names.ts'
import { problemOf, toAppError } from '#lib/http/problem.ts'
import {
  actorOf,
  makeConfig,
  makeContext,
  makeSession,
  makeUser,
  type TestUser,
} from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db } = createSetting()

const as = (user: TestUser, sessionId?: string) =>
  makeContext({ db: db(), channels, actor: actorOf(user, sessionId) })
const nobody = () => makeContext({ db: db(), channels })

describe('listSessions', () => {
  it('shows my living sessions, newest first, page by page, and marks this one', async () => {
    const user = await makeUser(db())
    const made = []
    for (let i = 0; i < 4; i++) made.push((await makeSession(db(), user)).sessionId)
    await makeSession(db(), await makeUser(db()))
    const [first = '', second, third = '', fourth] = made
    await endMySession(as(user), { id: third })
    const page = await listSessions(as(user, first), { limit: 2 })
    expect(page.items.map(({ id, current }) => [id, current])).toEqual([
      [fourth, false],
      [second, false],
    ])
    const rest = await listSessions(as(user, first), { limit: 2, cursor: page.next_cursor ?? '' })
    expect(rest.items).toMatchObject([{ id: first, current: true, user_agent: 'a test' }])
    expect(rest.next_cursor).toBeNull()
  })

  it('refuses whoever has not signed in', async () => {
    await expect(listSessions(nobody(), { limit: 1 })).rejects.toMatchObject({ status: 401 })
  })
})

describe('endMySession', () => {
  it('ends the session and tells its live connections', async () => {
    const user = await makeUser(db())
    const { sessionId, cookie } = await makeSession(db(), user)
    const heard = await hearGroup(channels, groupOfUser(user.id))
    const access = await hearGroup(channels, ACCESS)
    await endMySession(as(user), { id: sessionId })
    const here = { db: db(), config: makeConfig() }
    expect(await findActor(here, cookie)).toBeUndefined()
    await until(() => heard.length > 0 && access.length > 0)
    expect(heard).toEqual([{ type: 'session.ended', session_id: sessionId }])
    expect(access).toEqual([{ type: 'access.changed', user_ids: [user.id] }])
  })

  it("answers somebody else's, an ended and a missing session alike", async () => {
    const user = await makeUser(db())
    const theirs = await makeSession(db(), await makeUser(db()))
    const ended = await makeSession(db(), user)
    await endMySession(as(user), { id: ended.sessionId })
    const answers = []
    for (const id of [theirs.sessionId, ended.sessionId, newId()]) {
      const thrown: unknown = await endMySession(as(user), { id }).catch((error) => error)
      answers.push(JSON.stringify(problemOf(toAppError(thrown))))
    }
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('"status":404')
    const here = { db: db(), config: makeConfig() }
    expect(await findActor(here, theirs.cookie)).toBeDefined()
  })

  it('refuses whoever has not signed in', async () => {
    await expect(endMySession(nobody(), { id: newId() })).rejects.toMatchObject({ status: 401 })
  })
})
