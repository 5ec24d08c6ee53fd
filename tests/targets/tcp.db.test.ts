import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { probes, targets } from '#lib/db/schema.ts'
import { patchGroup } from '#lib/groups/write.ts'
import { addTargets, deleteTarget, restoreTargets } from '#lib/targets/write.ts'
import { createSetting } from '../support/setting.ts'

const { db, groupOf, hostsOf } = createSetting()

async function probesOf(groupId: string) {
  return await db()
    .select({ id: probes.id, kind: probes.kind, host: probes.host, port: probes.port })
    .from(targets)
    .innerJoin(probes, eq(probes.id, targets.probeId))
    .where(eq(targets.groupId, groupId))
    .orderBy(targets.n)
}

describe('a TCP probe', () => {
  it('is known by host and port, however it is written, and is no echo of that host', async () => {
    const typed = 'tcp://[2001:DB8::1]:443\ntcp://Web.example:22\nweb.example\ntcp://web.example:23'
    const { groupId } = await groupOf(typed)
    expect(await hostsOf(groupId)).toEqual(typed.split('\n'))
    const made = await probesOf(groupId)
    expect(made).toMatchObject([
      { kind: 'tcp', host: '2001:db8::1', port: 443 },
      { kind: 'tcp', host: 'web.example', port: 22 },
      { kind: 'icmp', host: 'web.example', port: 0 },
      { kind: 'tcp', host: 'web.example', port: 23 },
    ])
    const other = await groupOf('tcp://[2001:db8:0::1]:443 tcp://WEB.EXAMPLE:22')
    expect(await probesOf(other.groupId)).toEqual(made.slice(0, 2))
    const { skipped } = await addTargets(other.ctx, {
      groupId: other.groupId,
      hosts: 'tcp://web.example:22/',
    })
    expect(skipped).toMatchObject([{ reason: 'duplicate: already in this group' }])
  })

  it('keeps its port with other parameters, and when it is removed and brought back', async () => {
    const { ctx, groupId, at } = await groupOf('tcp://127.0.0.1:443')
    const [before] = await probesOf(groupId)
    await deleteTarget(ctx, at(0))
    await patchGroup(ctx, { groupId, parameters: { interval_ms: 2_000 } })
    await restoreTargets(ctx, { groupId, target_ids: [at(0).targetId] })
    await patchGroup(ctx, { groupId, parameters: { timeout_ms: 2_000 } })
    const [after] = await probesOf(groupId)
    expect(after).toMatchObject({ kind: 'tcp', host: '127.0.0.1', port: 443 })
    expect(after?.id).not.toBe(before?.id)
  })
})
