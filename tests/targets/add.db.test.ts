import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { groupOfWatchers, WORKERS } from '#lib/channels/names.ts'
import { probes, targetRuns, targets } from '#lib/db/schema.ts'
import { patchGroup } from '#lib/groups/write.ts'
import { problemOf } from '#lib/http/problem.ts'
import { AddedTargets, Target } from '#lib/targets/contract.ts'
import { readTargets } from '#lib/targets/read.ts'
import { addTargets } from '#lib/targets/write.ts'
import { makeGroup } from '../support/factories.ts'
import { hearGroup } from '../support/heard.ts'
import { createSetting, failureOf } from '../support/setting.ts'
import { until } from '../support/until.ts'

const { channels, db, contextOf, person, groupOf, actionsOn } = createSetting()

const runsOf = (groupId: string) =>
  db()
    .select({ run: targetRuns })
    .from(targetRuns)
    .innerJoin(targets, eq(targets.id, targetRuns.targetId))
    .where(eq(targets.groupId, groupId))

describe('addTargets', () => {
  it('adds a list, numbered and placed after what is there, and tells everybody', async () => {
    const { ctx, groupId } = await groupOf('127.0.0.1')
    const [watchers, workers] = [
      await hearGroup(channels, groupOfWatchers(groupId)),
      await hearGroup(channels, WORKERS),
    ]
    const answer = await addTargets(ctx, {
      groupId,
      hosts: '127.0.0.2 core switch\n::1',
    })
    expect(AddedTargets.parse(answer)).toMatchObject({
      added: [
        { n: 2, host: '127.0.0.2', label: 'core switch' },
        { n: 3, host: '::1', label: '' },
      ],
      skipped: [],
      stream: { ws: 'ws://127.0.0.1:3000/live', sse: 'http://127.0.0.1:3000/live' },
    })
    const stored = await readTargets(db(), groupId)
    expect(stored.map(({ n, position }) => [n, position])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ])
    for (const target of stored) {
      expect(Target.parse(target)).toMatchObject({ state: 'running', stopped_by: null })
      expect(target.running_since).not.toBeNull()
    }
    await until(() => watchers.length > 1 && workers.length > 0)
    expect(watchers).toEqual([{ type: 'targets.changed', n: [[2, 3]] }, { type: 'group.changed' }])
    expect(workers).toContainEqual({ type: 'roster.changed', group_id: groupId })
    expect(await actionsOn(groupId)).toEqual(['group.created', 'targets.added'])
  })

  it('keeps a host as typed and knows it again in any spelling', async () => {
    const { ctx, groupId } = await groupOf('2001:DB8::0001\nWeb.Example.COM.')
    const answer = await addTargets(ctx, {
      groupId,
      hosts: '2001:db8::1\nweb.example.com\n127.0.0.1\n127.0.0.1',
    })
    expect(answer.added.map(({ host }) => host)).toEqual(['127.0.0.1'])
    expect(answer.skipped).toEqual([
      { input: '127.0.0.1', reason: 'duplicate: already in this list' },
      { input: '2001:db8::1', reason: 'duplicate: already in this group' },
      { input: 'web.example.com', reason: 'duplicate: already in this group' },
    ])
    const hosts = (await readTargets(db(), groupId)).map(({ host }) => host)
    expect(hosts).toEqual(['2001:DB8::0001', 'Web.Example.COM', '127.0.0.1'])
  })

  it('changes nothing when the same list comes again', async () => {
    const { ctx, groupId } = await groupOf('127.0.0.0/29')
    const heard = await hearGroup(channels, groupOfWatchers(groupId))
    const { added, skipped } = await addTargets(ctx, { groupId, hosts: '127.0.0.0/29' })
    expect(added).toEqual([])
    expect(skipped).toEqual([{ input: '127.0.0.0/29', reason: 'duplicate: already in this group' }])
    expect(heard).toEqual([])
    expect(await actionsOn(groupId)).toEqual(['group.created'])
  })

  it('adds each address once when lists come at once, and gives no number twice', async () => {
    const { ctx, groupId } = await groupOf()
    const lists = ['127.0.0.1-30', '127.0.0.20-50', '127.0.0.1-30', '127.0.0.40-60']
    await Promise.all(lists.map((hosts) => addTargets(ctx, { groupId, hosts })))
    const stored = await readTargets(db(), groupId)
    expect(stored).toHaveLength(60)
    expect(stored.map(({ n }) => n).sort((a, b) => a - b)).toEqual(stored.map((_, i) => i + 1))
  })

  it('makes one probe of what many groups ping alike, also when they come at once', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => groupOf()))
    const hosts = ['127.77.0.1-40', '127.77.0.1-40'].join('\n')
    await Promise.all(made.map(({ ctx, groupId }) => addTargets(ctx, { groupId, hosts })))
    const isOne = eq(probes.host, '127.77.0.1')
    expect(await db().select().from(probes).where(isOne)).toHaveLength(1)
    const [first] = made
    if (!first) throw new Error('There is a first group.')
    await patchGroup(first.ctx, { groupId: first.groupId, parameters: { interval_ms: 200 } })
    expect(await db().select().from(probes).where(isOne)).toHaveLength(2)
    const isSlow = and(isOne, eq(probes.intervalMs, 1_000))
    const [slow] = await db().select().from(probes).where(isSlow)
    const running = (await runsOf(made[1]?.groupId ?? '')).map(({ run }) => run.probeId)
    expect(running).toContain(slow?.id)
  })

  it.each([
    ['no address at all', ''],
    ['comments only', '# nothing\n\n'],
    ['an address that is none', '999.1.1.1'],
    ['a network that is too large', '10.0.0.0/8'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['an unspecified address', '0.0.0.0'],
    ['NUL', '\u0000'],
  ])('refuses %s with what was skipped, and adds nothing', async (_, hosts) => {
    const { ctx, groupId } = await groupOf()
    const problem = problemOf(await failureOf(addTargets(ctx, { groupId, hosts })))
    expect(problem).toMatchObject({ status: 400, issues: [{ path: 'hosts' }] })
    const isListed = /^\d/.test(hosts)
    expect(problem.skipped).toEqual(isListed ? [{ input: hosts, reason: expect.any(String) }] : [])
    expect(await readTargets(db(), groupId)).toEqual([])
  })

  it('refuses what the settings do not allow', async () => {
    const { user, groupId } = await groupOf()
    const ctx = contextOf(user, {
      NETWORKS_ALLOWED: ['127.0.0.0/8'],
      NETWORKS_DENIED: ['127.9.0.0/16'],
    })
    const { added, skipped } = await addTargets(ctx, {
      groupId,
      hosts: '127.0.0.1 127.9.0.1 10.0.0.1',
    })
    expect(added.map(({ host }) => host)).toEqual(['127.0.0.1'])
    expect(skipped.map(({ input }) => input)).toEqual(['127.9.0.1', '10.0.0.1'])
  })

  it('refuses a viewer, and a stranger as if there were no group', async () => {
    const [{ user: owner }, viewer, stranger] = [await person(), await person(), await person()]
    const group = await makeGroup(db(), owner, {}, [{ user: viewer.user, role: 'viewer' }])
    const input = { groupId: group.id, hosts: '127.0.0.1' }
    expect(await failureOf(addTargets(viewer.ctx, input))).toMatchObject({ status: 403 })
    expect(await failureOf(addTargets(stranger.ctx, input))).toMatchObject({ status: 404 })
  })
})
