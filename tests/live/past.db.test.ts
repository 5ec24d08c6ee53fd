import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ctx } from '#lib/auth/context.ts'
import { deleteGroup, patchGroup, restoreGroup, startGroup, stopGroup } from '#lib/groups/write.ts'
import { compactHour, listClosedHours } from '#lib/samples/compact.ts'
import { addTargets, deleteTarget, patchTarget, restoreTargets } from '#lib/targets/write.ts'
import { liveMoment, pastMoment, playedMoments } from '../support/moments.ts'
import { createPastGroup, moveBack, type PastGroup, storeFresh } from '../support/past-group.ts'
import { createSetting } from '../support/setting.ts'

const { db, person } = createSetting()
const HOURS = 26

const act = fc.record({
  what: fc.constantFrom(
    'label',
    'move',
    'stop',
    'start',
    'remove',
    'restore',
    'add',
    'rename',
    'slower',
    'faster',
    'stopAll',
    'startAll',
    'deleteAndRestore',
    'nothing',
  ),
  row: fc.nat(5),
  results: fc.array(fc.oneof(fc.integer({ min: -4, max: -1 }), fc.nat(40_000)), { maxLength: 6 }),
})
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never

async function apply(ctx: Ctx, group: PastGroup, { what, row }: Act): Promise<void> {
  const groupId = group.id
  const targetId = await group.targetId(row)
  const target = { groupId, targetId: targetId ?? '' }
  if (what === 'add') await addTargets(ctx, { groupId, hosts: group.newHost() })
  if (what === 'rename') await patchGroup(ctx, { groupId, name: `group ${Math.random()}` })
  if (what === 'slower') await patchGroup(ctx, { groupId, parameters: { interval_ms: 2_000 } })
  if (what === 'faster') await patchGroup(ctx, { groupId, parameters: { interval_ms: 1_000 } })
  if (what === 'stopAll') await stopGroup(ctx, { groupId })
  if (what === 'startAll') await startGroup(ctx, { groupId })
  if (what === 'deleteAndRestore') {
    await deleteGroup(ctx, { groupId })
    await restoreGroup(ctx, { groupId })
  }
  const removed = await group.removed()
  if (what === 'restore' && removed.length > 0)
    await restoreTargets(ctx, { groupId, target_ids: removed })
  if (!targetId) return
  if (what === 'label') await patchTarget(ctx, { ...target, label: `row ${Math.random()}` })
  if (what === 'move') await patchTarget(ctx, { ...target, position: Math.random() * 6 })
  if (what === 'stop') await patchTarget(ctx, { ...target, state: 'stopped' })
  if (what === 'start') await patchTarget(ctx, { ...target, state: 'running' })
  if (what === 'remove') await deleteTarget(ctx, target)
}

async function compactAll(): Promise<void> {
  for (const heap of await listClosedHours(db(), new Date(), new Date(0)))
    await compactHour(db(), heap)
}

async function hotResultsOf(groupId: string): Promise<number> {
  const [row] = await db().execute<{ count: number }>(sql`
    select count(*)::int from samples where probe_id in (
      select r.probe_id from target_runs r join targets t on t.id = r.target_id
      where t.group_id = ${groupId})`)
  return row?.count ?? -1
}

describe('the past of a group', () => {
  it('is what the live snapshot said, however it went on, also when it is cold', {
    timeout: 240_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 12 }), async (acts) => {
        const { ctx } = await person()
        const group = await createPastGroup(db(), ctx)
        const seen = [await liveMoment(db(), group.id)]
        for (const one of acts) {
          await apply(ctx, group, one)
          await storeFresh(db(), group.id, {
            values: one.results,
            sinceMs: seen.at(-1)?.atMs ?? 0,
          })
          seen.push(await liveMoment(db(), group.id))
        }
        for (const live of seen) expect(await pastMoment(ctx, group.id, live.atMs)).toEqual(live)
        expect(await playedMoments(ctx, group.id, seen)).toEqual(seen.slice(1))

        await moveBack(db(), group.id, HOURS)
        await compactAll()
        expect(await hotResultsOf(group.id)).toBe(0)
        const moved = seen.map(({ atMs, shown }) => ({ atMs: atMs - HOURS * 3_600_000, shown }))
        for (const then of moved) expect(await pastMoment(ctx, group.id, then.atMs)).toEqual(then)
        expect(await playedMoments(ctx, group.id, moved)).toEqual(moved.slice(1))
      }),
      { numRuns: 8 },
    )
  })
})
