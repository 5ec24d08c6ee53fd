// Keeps a group, a person and the installation within the limits of the settings.
import { sql } from 'drizzle-orm'
import type { LockedGroup } from '#lib/auth/group-access.ts'
import type { Config } from '#lib/config.ts'
import type { Tx } from '#lib/db/client.ts'
import { LOCK_CLASS } from '#lib/db/locks.ts'
import { AppError } from '#lib/errors.ts'

type Limiting = { tx: Tx; config: Config }

/**
 * Refuses (409, with the limit and the use) a transaction that has just added targets beyond what
 * the group, its owner or the installation may have. To be called after the insert.
 */
export async function checkLimits(limiting: Limiting, group: LockedGroup): Promise<void> {
  await checkCounts(limiting, group)
  await checkPackets(limiting, group)
}

async function checkCounts({ tx, config }: Limiting, group: LockedGroup): Promise<void> {
  await waitForTurn(tx)
  const [row] = await tx.execute<{ in_group: number; of_owner: number }>(sql`
    select count(*) filter (where g.id = ${group.id})::int as in_group, count(*)::int as of_owner
    from groups g join targets t on t.group_id = g.id and t.deleted_at is null
    where g.owner_id = ${group.ownerId} and g.deleted_at is null`)
  if (!row) return
  refuseAbove(config.MAX_TARGETS_PER_GROUP, row.in_group, 'addresses in this group')
  refuseAbove(config.MAX_TARGETS_PER_USER, row.of_owner, "addresses in all of the owner's groups")
}

/**
 * Refuses (409) a transaction after which the owner's groups, or all groups together, would send
 * more packets a second than they may. What several groups ping alike is sent once.
 */
export async function checkPackets({ tx, config }: Limiting, group: LockedGroup): Promise<void> {
  await waitForTurn(tx)
  const [row] = await tx.execute<{ of_owner: number; of_all: number }>(sql`
    select coalesce(sum(1000.0 / p.interval_ms) filter (where run.is_owned), 0)::float8 as of_owner,
      coalesce(sum(1000.0 / p.interval_ms), 0)::float8 as of_all
    from (
      select r.probe_id, bool_or(g.owner_id = ${group.ownerId}) as is_owned
      from target_runs r join targets t on t.id = r.target_id join groups g on g.id = t.group_id
      where r.ended_at is null
      group by r.probe_id
    ) run
    join probes p on p.id = run.probe_id`)
  if (!row) return
  const { MAX_PACKETS_PER_SECOND_PER_USER, MAX_PACKETS_PER_SECOND } = config
  refuseAbove(
    MAX_PACKETS_PER_SECOND_PER_USER,
    row.of_owner,
    "packets a second of the owner's groups",
  )
  refuseAbove(MAX_PACKETS_PER_SECOND, row.of_all, 'packets a second of the whole installation')
}

// Held to the end of the transaction: two that would each just fit are counted one after the other.
async function waitForTurn(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS.limits}, 0)`)
}

function refuseAbove(limit: number, use: number, what: string): void {
  if (use <= limit) return
  const [most, needed] = [limit, Math.ceil(use)].map((count) => count.toLocaleString('en'))
  throw new AppError('conflict', `At most ${most} ${what}; with this there would be ${needed}.`, {
    facts: { limit, needed: Math.ceil(use) },
  })
}
