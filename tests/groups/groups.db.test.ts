import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMemoryLayer } from '#lib/channels/memory-layer.ts'
import { groupOfWatchers, WORKERS } from '#lib/channels/names.ts'
import type { Config } from '#lib/config.ts'
import { auditEvents, cards, groups, targetRuns, targets } from '#lib/db/schema.ts'
import { AppError } from '#lib/errors.ts'
import { putCard, removeCard } from '#lib/groups/cards.ts'
import {
  CreatedGroup,
  DEFAULT_PARAMETERS,
  GroupPatch,
  MyGroup,
  NewGroup,
} from '#lib/groups/contract.ts'
import { getGroup, listCards, listGroups, readGroup } from '#lib/groups/read.ts'
import {
  createGroup,
  deleteGroup,
  patchGroup,
  restoreGroup,
  startGroup,
  stopGroup,
} from '#lib/groups/write.ts'
import { problemOf } from '#lib/http/problem.ts'
import { createLog } from '#lib/log.ts'
import { readTargets } from '#lib/targets/read.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeContext, makeGroup, makeUser, type TestUser } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { until } from '../support/until.ts'

const channels = createMemoryLayer({ log: createLog('silent') })
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  await channels.close()
  await database.close()
})

async function person(config?: Partial<Config>) {
  const user = await makeUser(database.db)
  return { user, ctx: contextOf(user, config) }
}

function contextOf(user: TestUser, config?: Partial<Config>) {
  return makeContext({ db: database.db, channels, user, ...(config && { config }) })
}

const failureOf = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => (error instanceof AppError ? error : Promise.reject(error)),
  )

const auditOf = async (subjectId: string) => {
  const rows = await database.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.subjectId, subjectId))
    .orderBy(auditEvents.id)
  return rows.map(({ action }) => action)
}

const openRunsOf = async (groupId: string) => {
  const rows = await database.db
    .select({ host: targets.host, run: targetRuns })
    .from(targetRuns)
    .innerJoin(targets, eq(targets.id, targetRuns.targetId))
    .where(eq(targets.groupId, groupId))
  return rows
    .filter(({ run }) => run.endedAt === null)
    .map(({ host }) => host)
    .sort()
}

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
    expect(await auditOf(id)).toEqual(['group.created'])
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
    expect(await auditOf(id)).toEqual(['group.created'])
  })

  it('makes one group of two equal requests at once', async () => {
    const { ctx } = await person()
    const id = newId()
    const request = { id, name: 'At once', hosts: '127.0.0.1 127.0.0.2' }
    const made = await Promise.all([1, 2, 3, 4].map(() => createGroup(ctx, request)))
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1)
    for (const { group } of made) expect(group).toMatchObject({ id, target_count: 2 })
    expect(await readTargets(database.db, id)).toHaveLength(2)
    expect(await listCards(ctx)).toHaveLength(1)
  })

  it('refuses the id of somebody else, whether visible or not, and of a deleted group', async () => {
    const [{ user }, { ctx }] = [await person(), await person()]
    const hidden = await makeGroup(database.db, user)
    const seen = await makeGroup(database.db, user, { visibility: 'public' })
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
    expect(await readGroup(database.db, id)).toBeUndefined()
  })

  it('refuses whoever has not signed in', async () => {
    const nobody = makeContext({ db: database.db, channels })
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

describe('reading groups', () => {
  it('lists what I own, was shared, or may see as public, the newest first, page by page', async () => {
    const [{ user, ctx }, { user: other }] = [await person(), await person()]
    const own = await makeGroup(database.db, user)
    const shared = await makeGroup(database.db, other, {}, [{ user, role: 'editor' }])
    const open = await makeGroup(database.db, other, { visibility: 'public' })
    await makeGroup(database.db, other)
    await makeGroup(database.db, user, { deletedAt: new Date() })
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
    await makeGroup(database.db, user)
    const { next_cursor } = await listGroups(ctx, { limit: 1_000 })
    expect(next_cursor).toBeNull()
  })

  it('answers a stranger exactly as if the group did not exist', async () => {
    const [{ user }, { ctx }] = [await person(), await person()]
    const hidden = await makeGroup(database.db, user)
    const deleted = await makeGroup(database.db, user, { deletedAt: new Date() })
    for (const verb of [
      getGroup,
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

describe('patchGroup', () => {
  it('renames and tells the watchers', async () => {
    const { user, ctx } = await person()
    const group = await makeGroup(database.db, user)
    const heard = await hearGroup(channels, groupOfWatchers(group.id))
    const changed = await patchGroup(ctx, { groupId: group.id, name: 'Edge' })
    expect(MyGroup.parse(changed).name).toBe('Edge')
    expect(Date.parse(changed.updated_at)).toBeGreaterThan(group.updatedAt.getTime())
    await until(() => heard.length > 0)
    expect(heard).toEqual([{ type: 'group.changed' }])
    expect(await auditOf(group.id)).toEqual(['group.changed'])
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
    const runs = await database.db
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
      const target = (await readTargets(database.db, groupId)).find((t) => t.n === n)
      await database.db
        .update(targets)
        .set({ state: 'stopped' })
        .where(eq(targets.id, target?.id ?? ''))
      await database.db.delete(targetRuns).where(eq(targetRuns.targetId, target?.id ?? ''))
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
    const group = await makeGroup(database.db, owner.user, {}, [
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
    database.db.select().from(targets).where(eq(targets.groupId, groupId)).orderBy(targets.n)
})

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
    expect(await failureOf(getGroup(ctx, { groupId }))).toMatchObject({ status: 404 })
    expect(await failureOf(deleteGroup(ctx, { groupId }))).toMatchObject({ status: 404 })
    await until(() => watchers.length > 0 && workers.length > 0)
    expect(watchers).toEqual([{ type: 'group.removed' }])
    expect(workers).toContainEqual({ type: 'roster.changed', group_id: groupId })

    expect(await restoreGroup(ctx, { groupId })).toMatchObject({ id: groupId, target_count: 2 })
    expect(await restoreGroup(ctx, { groupId })).toMatchObject({ id: groupId, target_count: 2 })
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.2'])
    expect(await listCards(ctx)).toHaveLength(1)
    expect(await auditOf(groupId)).toEqual(['group.created', 'group.deleted', 'group.restored'])
  })

  it('belongs to the owner alone', async () => {
    const [owner, editor] = [await person(), await person()]
    const group = await makeGroup(database.db, owner.user, {}, [
      { user: editor.user, role: 'editor' },
    ])
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
    expect(await readGroup(database.db, group.id)).toBeUndefined()
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
    for (const target of await readTargets(database.db, groupId)) {
      expect(target).toMatchObject({ state: 'stopped', stopped_by: 'person', running_since: null })
    }
    expect(await startGroup(ctx, { groupId })).toEqual({ targets: group.added, skipped: [] })
    expect(await startGroup(ctx, { groupId })).toEqual({ targets: [], skipped: [] })
    expect(await openRunsOf(groupId)).toEqual(['127.0.0.1', '127.0.0.2'])
    await until(() => heard.length > 1)
    const message = { type: 'targets.changed', n: [[1, 2]] }
    expect(heard).toEqual([message, message])
    expect(await auditOf(groupId)).toEqual(['group.created', 'group.stopped', 'group.started'])
  })

  it('refuses a viewer', async () => {
    const [owner, viewer] = [await person(), await person()]
    const group = await makeGroup(database.db, owner.user, {}, [
      { user: viewer.user, role: 'viewer' },
    ])
    for (const verb of [startGroup, stopGroup]) {
      expect(await failureOf(verb(viewer.ctx, { groupId: group.id }))).toMatchObject({
        status: 403,
      })
    }
  })
})

describe('my wall', () => {
  it('takes cards at its end, each once, and loses them without a word', async () => {
    const [{ user, ctx }, { user: other }] = [await person(), await person()]
    const first = await makeGroup(database.db, other, { visibility: 'public' })
    const second = await makeGroup(database.db, user)
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
    const group = await makeGroup(database.db, other, { visibility: 'public' })
    await putCard(ctx, { groupId: group.id })
    await database.db.update(groups).set({ visibility: 'private' }).where(eq(groups.id, group.id))
    expect(await listCards(ctx)).toEqual([])
    expect(await database.db.select().from(cards).where(eq(cards.groupId, group.id))).toHaveLength(
      1,
    )
  })
})
