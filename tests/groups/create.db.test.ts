import { v7 as newId } from 'uuid'
import { describe, expect, it } from 'vitest'
import { CreatedGroup, DEFAULT_PARAMETERS, MyGroup, NewGroup } from '#lib/groups/contract.ts'
import { listCards, readGroup } from '#lib/groups/read.ts'
import { createGroup, deleteGroup } from '#lib/groups/write.ts'
import { problemOf } from '#lib/http/problem.ts'
import { readTargets } from '#lib/targets/read.ts'
import { makeContext, makeGroup } from '../support/factories.ts'
import { createSetting, failureOf } from '../support/setting.ts'

const { channels, db, person, actionsOn, openRunsOf } = createSetting()

describe('createGroup', () => {
  it('makes a group with its first addresses and its card, and answers the contract', async () => {
    const { user, ctx } = await person()
    const id = newId()
    const made = await createGroup(ctx, { id, name: 'Core', hosts: '127.0.0.1 me\n::1\n999.1.1.1' })
    expect(made.isNew).toBe(true)
    expect(CreatedGroup.parse(made.group)).toMatchObject({
      id,
      name: 'Core',
      role: 'owner',
      owner: { id: user.id, employee_no: user.employeeNo, name: user.name },
      visibility: 'private',
      parameters: DEFAULT_PARAMETERS,
      target_count: 2,
      added: [
        { n: 1, host: '127.0.0.1', label: 'me' },
        { n: 2, host: '::1', label: '' },
      ],
      skipped: [{ input: '999.1.1.1', reason: expect.stringContaining('999') }],
      stream: { ws: 'ws://127.0.0.1:3000/live', sse: 'http://127.0.0.1:3000/live' },
    })
    expect((await listCards(ctx)).map((card) => card.id)).toEqual([id])
    expect(await openRunsOf(id)).toEqual(['127.0.0.1', '::1'])
    expect(await actionsOn(id)).toEqual(['group.created'])
  })

  it('makes an id of its own where none is given, and an empty group without hosts', async () => {
    const { ctx } = await person()
    const { group } = await createGroup(ctx, { name: 'Empty', hosts: ' \n' })
    expect(MyGroup.shape.id.safeParse(group.id).success).toBe(true)
    expect(group).toMatchObject({ target_count: 0, added: [], skipped: [] })
  })

  it('takes parameters, and the defaults for the others', async () => {
    const { ctx } = await person()
    const parameters = { interval_ms: 200, family: 6 as const }
    const { group } = await createGroup(ctx, { name: 'Fast', parameters })
    expect(group.parameters).toEqual({ ...DEFAULT_PARAMETERS, ...parameters })
  })

  it('names the live stream by the address people type', async () => {
    const { ctx } = await person({ BASE_URL: 'https://wall.example.com' })
    const { group } = await createGroup(ctx, { name: 'Far' })
    expect(group.stream).toEqual({
      ws: 'wss://wall.example.com/live',
      sse: 'https://wall.example.com/live',
    })
  })

  it('changes nothing when the same request comes again', async () => {
    const { ctx } = await person()
    const id = newId()
    await createGroup(ctx, { id, name: 'Once', hosts: '127.0.0.1' })
    const again = await createGroup(ctx, { id, name: 'Twice', hosts: '127.0.0.2' })
    expect(again).toMatchObject({ isNew: false, group: { id, name: 'Once', target_count: 1 } })
    expect(CreatedGroup.parse(again.group)).toMatchObject({ added: [], skipped: [] })
    expect(await actionsOn(id)).toEqual(['group.created'])
  })

  it('makes one group of two equal requests at once', async () => {
    const { ctx } = await person()
    const id = newId()
    const request = { id, name: 'At once', hosts: '127.0.0.1 127.0.0.2' }
    const made = await Promise.all([1, 2, 3, 4].map(() => createGroup(ctx, request)))
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
    for (const { group } of made) expect(group).toMatchObject({ id, target_count: 2 })
    expect(await readTargets(db(), id)).toHaveLength(2)
    expect(await listCards(ctx)).toHaveLength(1)
  })

  it('refuses the id of somebody else, whether visible or not, and of a deleted group', async () => {
    const [{ user }, { ctx }] = [await person(), await person()]
    const hidden = await makeGroup(db(), user)
    const seen = await makeGroup(db(), user, { visibility: 'public' })
    const { group: deleted } = await createGroup(ctx, { name: 'Gone' })
    await deleteGroup(ctx, { groupId: deleted.id })
    const failures = await Promise.all(
      [hidden, seen, deleted].map(({ id }) => failureOf(createGroup(ctx, { id, name: 'Mine' }))),
    )
    expect(failures.map(({ status }) => status)).toEqual([409, 409, 409])
    expect(new Set(failures.map((failure) => JSON.stringify(problemOf(failure)))).size).toBe(1)
  })

  it('makes nothing where no host can be pinged, and says why', async () => {
    const { ctx } = await person()
    const id = newId()
    const hosts = ['999.1.1.1', '10.0.0.0/8', '224.0.0.1', '255.255.255.255']
    const failure = await failureOf(createGroup(ctx, { id, name: 'Bad', hosts }))
    expect(failure).toMatchObject({ status: 400, issues: [{ path: 'hosts' }] })
    expect(failure.facts?.skipped).toMatchObject(hosts.map((input) => ({ input })))
    expect(await readGroup(db(), id)).toBeUndefined()
  })

  it('refuses whoever has not signed in', async () => {
    const nobody = makeContext({ db: db(), channels })
    expect(await failureOf(createGroup(nobody, { name: 'No' }))).toMatchObject({ status: 401 })
  })

  it('refuses names and parameters out of bounds, and fields that it does not know', () => {
    const refused = [
      { name: '' },
      { name: ' ' },
      { name: 'x'.repeat(10_000) },
      { name: 'a\u0000b' },
      { name: 'a', colour: 'red' },
      { name: 'a', id: 'no-uuid' },
      { name: 'a', parameters: { interval_ms: 199 } },
      { name: 'a', parameters: { interval_ms: 3_600_001 } },
      { name: 'a', parameters: { timeout_ms: 10_001 } },
      { name: 'a', parameters: { payload_bytes: 15 } },
      { name: 'a', parameters: { family: 5 } },
      { name: 'a', hosts: Array.from({ length: 10_001 }, () => '127.0.0.1') },
    ]
    for (const input of refused) expect(NewGroup.safeParse(input).success).toBe(false)
    expect(NewGroup.parse({ name: ' a ', id: newId().toUpperCase() }).name).toBe('a')
  })
})
