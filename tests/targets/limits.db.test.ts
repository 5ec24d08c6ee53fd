import { describe, expect, it } from 'vitest'
import { createGroup, patchGroup } from '#lib/groups/write.ts'
import { readTargets } from '#lib/targets/read.ts'
import { addTargets } from '#lib/targets/write.ts'
import { createSetting, failureOf } from '../support/setting.ts'

const { db, contextOf, groupOf, openRunsOf } = createSetting()

const manyHosts = (count: number) =>
  Array.from({ length: count }, (_, i) => `127.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`)

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

  it('holds 10,000 addresses with their runs, and moves them all to other parameters', async () => {
    const { ctx, groupId } = await groupOf()
    const { added } = await addTargets(ctx, { groupId, hosts: manyHosts(10_000).join('\n') })
    expect(added).toHaveLength(10_000)
    await patchGroup(ctx, { groupId, parameters: { interval_ms: 3_000 } })
    expect(await openRunsOf(groupId)).toHaveLength(10_000)
  })
})
