// Adds a parsed list to a group, all or none, with probes, runs and news.
import { sql } from 'drizzle-orm'
import { v7 as newId } from 'uuid'
import type { Ctx, TxCtx } from '#lib/auth/context.ts'
import type { LockedGroup } from '#lib/auth/group-access.ts'
import type { Tx } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { announceGroup, announceRoster, announceTargets } from './announce.ts'
import type { AddedTarget, Hosts, Skipped } from './contract.ts'
import { checkLimits } from './limits.ts'
import { type ParsedList, parseList } from './list.ts'
import { readPolicy } from './networks.ts'
import { findOrCreateProbes } from './probes.ts'
import { openRuns } from './runs.ts'
import { gatherSkipped } from './skipped.ts'

type GrowingGroup = LockedGroup & { nextN: number }
type Fresh = AddedTarget & { probeId: number }

/** The list as the settings allow it. Throws `invalid` where it is too long for one request. */
export function readHosts({ config }: Pick<Ctx, 'config'>, hosts: Hosts): ParsedList {
  const list = parseList(hosts, readPolicy(config))
  if (!list.isTooLong) return list
  throw refusal('More than 10,000 addresses in one request. Nothing was added: send fewer at once.')
}

/** Throws `invalid`, with what was skipped, where the list holds nothing that can be pinged. */
export function requireSome({ targets, skipped }: ParsedList): void {
  if (targets.length > 0) return
  throw refusal('Nothing in this list can be pinged. Nothing was added.', skipped)
}

/**
 * Adds what the group does not have yet; the rest is `skipped`. Probes and runs come with it, as
 * do the announcements. Throws `conflict` above a limit. Some eight statements whatever the length.
 */
export async function addToGroup(
  ctx: TxCtx,
  group: GrowingGroup,
  list: ParsedList,
): Promise<{ added: AddedTarget[]; skipped: Skipped[] }> {
  if (list.targets.length === 0) return { added: [], skipped: list.skipped }
  const probes = await findOrCreateProbes(
    ctx.tx,
    group.id,
    list.targets.map(({ canonical }) => canonical),
  )
  const { fresh, skipped } = await sortOut(ctx.tx, group, list, probes)
  if (fresh.length > 0) {
    await insertTargets(ctx.tx, group, fresh)
    await checkLimits(ctx, group)
    await announceTargets(ctx, group.id, fresh)
    await announceGroup(ctx, group.id)
    await announceRoster(ctx, group.id)
  }
  const added = fresh.map(({ id, n, host, label }) => ({ id, n, host, label }))
  return { added, skipped }
}

async function sortOut(
  tx: Tx,
  group: GrowingGroup,
  list: ParsedList,
  probes: Map<string, number>,
): Promise<{ fresh: Fresh[]; skipped: Skipped[] }> {
  const rows = await tx.execute<{ probe_id: number }>(sql`
    select probe_id from targets where group_id = ${group.id} and deleted_at is null`)
  const present = new Set(rows.map((row) => row.probe_id))
  const fresh: Fresh[] = []
  const judged = list.targets.map(({ canonical, host, label, input }) => {
    const probeId = probes.get(canonical)
    if (probeId === undefined) throw new Error(`No probe was made for ${canonical}.`)
    if (present.has(probeId)) return { input, host, reason: 'duplicate: already in this group' }
    fresh.push({ id: newId(), n: group.nextN + fresh.length, host, label, probeId })
    return { input, host, reason: undefined }
  })
  return { fresh, skipped: [...list.skipped, ...gatherSkipped(judged)] }
}

async function insertTargets(tx: Tx, group: GrowingGroup, fresh: Fresh[]): Promise<void> {
  const column = <K extends keyof Fresh>(name: K) => sql.param(fresh.map((target) => target[name]))
  await tx.execute(sql`
    insert into targets (id, group_id, probe_id, n, host, label, position, state)
    select f.id, ${group.id}::uuid, f.probe_id, f.n, f.host, f.label, last.position + f.place, 'running'
    from unnest(${column('id')}::uuid[], ${column('probeId')}::int[], ${column('n')}::int[],
      ${column('host')}::text[], ${column('label')}::text[])
      with ordinality as f(id, probe_id, n, host, label, place)
    cross join (select coalesce(max(position), 0) as position from targets
      where group_id = ${group.id} and deleted_at is null) last`)
  await tx.execute(sql`
    update groups set next_n = ${group.nextN + fresh.length} where id = ${group.id}`)
  await openRuns(tx, fresh)
}

function refusal(detail: string, skipped?: Skipped[]): AppError {
  const issues = [{ path: 'hosts', message: detail }]
  return new AppError('invalid', detail, { issues, ...(skipped && { facts: { skipped } }) })
}
