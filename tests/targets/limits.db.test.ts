import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { targetRuns, targets } from '#lib/db/schema.ts'
import { createGroup, patchGroup } from '#lib/groups/write.ts'
import { readTargets } from '#lib/targets/read.ts'
import { addTargets } from '#lib/targets/write.ts'
import { createSetting, failureOf } from '../groups/setting.ts'

const { db, contextOf, person, openRunsOf } = createSetting()

async function groupOf(hosts?: string) {
  const { user, ctx } = await person()
  const { group } = await createGroup(ctx, { name: 'A group', ...(hosts && { hosts }) })
  return { user, ctx, groupId: group.id }
}

const manyHosts = (count: number) =>
  Array.from({ length: count }, (_, i) => `127.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`)

const _runsOf = (groupId: string) =>
  db()
    .select({ run: targetRuns })
    .from(targetRuns)
    .innerJoin(targets, eq(targets.id, targetRuns.targetId))
    .where(eq(targets.groupId, groupId))

describe('the limits of addTargets', () => {
  it('refuses more than 10,000 addresses as a whole', async () => {
    const { ctx, groupId } = await groupOf()
    for (const hosts of [manyHosts(10_001), '10.0.0.0/19 10.1.0.0/19']) {
      const failure = await failureOf(addTargets(ctx, { groupId, hosts }))
      expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('10,000') })
    }
    expect(await readTargets(db(), groupId)).toEqual([])
  })

  it.each([
    ['MAX_TARGETS_PER_GROUP', { limit: 20, needed: 22 }],
    ['MAX_TARGETS_PER_USER', { limit: 20, needed: 27 }],
    ['MAX_PACKETS_PER_SECOND_PER_USER', { limit: 20, needed: 22 }],
  ])('refuses what exceeds %s, saying limit and use', async (setting, facts) => {
    const { user, ctx, groupId } = await groupOf('127.0.0.1-8')
    // Five of its addresses are pinged already: they count as targets but cost no packets.
    await createGroup(ctx, { name: 'Another', hosts: '127.0.0.1-5' })
    const limited = contextOf(user, { [setting]: 20 })
    const failure = await failureOf(addTargets(limited, { groupId, hosts: '127.0.0.9-22' }))
    expect(failure).toMatchObject({ status: 409, facts, message: expect.stringContaining('20') })
    expect(await readTargets(db(), groupId)).toHaveLength(8)
  })

  it('counts the packets of the whole installation', async () => {
    const { user, groupId } = await groupOf()
    const limited = contextOf(user, { MAX_PACKETS_PER_SECOND: 1 })
    const failure = await failureOf(addTargets(limited, { groupId, hosts: '127.0.0.1-50' }))
    expect(failure.message).toContain('whole installation')
  })

  it('keeps a limit also against requests that come at once', async () => {
    const { user, ctx } = await groupOf()
    const limited = contextOf(user, { MAX_TARGETS_PER_USER: 25 })
    const made = await Promise.all([1, 2, 3].map((i) => createGroup(ctx, { name: `Group ${i}` })))
    const outcomes = await Promise.allSettled(
      made.map(({ group }, i) =>
        addTargets(limited, { groupId: group.id, hosts: `127.1.${i}.1-10` }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  })

  it('adds 10,000 addresses with their runs in one request', async () => {
    for (const count of [1_000, 10_000]) {
      const { ctx, groupId } = await groupOf()
      const started = performance.now()
      const { added } = await addTargets(ctx, { groupId, hosts: manyHosts(count).join('\n') })
      console.info(`${count} addresses: ${Math.round(performance.now() - started)} ms`)
      expect(added).toHaveLength(count)
      expect(await openRunsOf(groupId)).toHaveLength(count)
      const again = performance.now()
      await patchGroup(ctx, { groupId, parameters: { interval_ms: 3_000 + count } })
      console.info(`${count} moved: ${Math.round(performance.now() - again)} ms`)
    }
  })
})
