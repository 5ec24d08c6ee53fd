// Brings removed targets back: with the probes of now, running if they ran.
import { sql } from 'drizzle-orm'
import type { TxCtx } from '#lib/auth/context.ts'
import type { LockedGroup } from '#lib/auth/group-access.ts'
import type { Tx } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { announceGroup, announceRoster, announceTargets } from './announce.ts'
import type { AddedTarget, ChangedTargets } from './contract.ts'
import { canonicalOf, type Endpoint } from './endpoint.ts'
import { checkLimits } from './limits.ts'
import { findOrCreateProbes } from './probes.ts'
import { openRuns } from './runs.ts'

type Removed = AddedTarget & { canonical: string; state: string; is_removed: boolean }
type Row = Omit<Removed, 'canonical'> & { endpoint: Endpoint }

/** Callers have checked the right to the group. */
export async function restoreToGroup(
  ctx: TxCtx,
  group: LockedGroup,
  targetIds: string[],
): Promise<ChangedTargets> {
  const found = await findRemoved(ctx.tx, group.id, targetIds)
  if (found.length < new Set(targetIds).size) {
    throw new AppError('not_found', 'One of these targets was never in this group.')
  }
  const wanted = found.filter(({ is_removed }) => is_removed)
  const revived = new Set(await revive(ctx.tx, group.id, wanted))
  const back = wanted.filter(({ id }) => revived.has(id))
  if (back.length > 0) {
    const running = back.filter(({ state }) => state === 'running')
    await openRuns(ctx.tx, running)
    await checkLimits(ctx, group)
    await announceTargets(ctx, group.id, back)
    await announceGroup(ctx, group.id)
    await announceRoster(ctx, group.id)
  }
  return {
    targets: back.map(({ id, n, host, label }) => ({ id, n, host, label })),
    skipped: wanted
      .filter(({ id }) => !revived.has(id))
      .map(({ host }) => ({ input: host, reason: 'duplicate: already in this group' })),
  }
}

async function findRemoved(tx: Tx, groupId: string, targetIds: string[]): Promise<Removed[]> {
  const rows = await tx.execute<Row>(sql`
    select t.id, t.n, t.host, t.label, t.state, t.deleted_at is not null as is_removed,
      json_build_object('kind', p.kind, 'host', p.host, 'port', p.port) as endpoint
    from targets t join probes p on p.id = t.probe_id
    where t.group_id = ${groupId} and t.id = any(${sql.param(targetIds)}::uuid[])
    order by t.n`)
  return rows.map(({ endpoint, ...target }) => ({ ...target, canonical: canonicalOf(endpoint) }))
}

// The ids of those that came back. Of two removed targets with one address the later came last.
async function revive(tx: Tx, groupId: string, removed: Removed[]): Promise<string[]> {
  const probes = await findOrCreateProbes(
    tx,
    groupId,
    removed.map(({ canonical }) => canonical),
  )
  const probeIds = removed.map(({ canonical }) => probes.get(canonical) ?? null)
  const rows = await tx.execute<{ id: string }>(sql`
    update targets t set deleted_at = null, probe_id = back.probe_id
    from (
      select distinct on (r.probe_id) r.id, r.probe_id
      from unnest(${sql.param(removed.map(({ id }) => id))}::uuid[],
        ${sql.param(probeIds)}::int[]) with ordinality as r(id, probe_id, place)
      where not exists (select from targets present where present.group_id = ${groupId}
        and present.probe_id = r.probe_id and present.deleted_at is null)
      order by r.probe_id, r.place desc
    ) back
    where t.id = back.id
    returning t.id`)
  return rows.map(({ id }) => id)
}
