// A group with a past that goes on being measured, and can be moved back in time.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import type { Db } from '#lib/db/client.ts'
import { createGroup } from '#lib/groups/write.ts'
import { knownAtMs } from '#lib/samples/known-at.ts'
import { readNow } from '#lib/samples/window.ts'

export type PastGroup = {
  id: string
  /** Of a present target, by any number; undefined where all are removed. */
  targetId(row: number): Promise<string | undefined>
  /** The ids of those that were removed. */
  removed(): Promise<string[]>
  newHost(): string
}

const TIMEOUT_MS = 1_000
const MEASURED_SECONDS = 600
let hosts = 0

function newHost(): string {
  hosts += 1
  return `127.11.${hosts >> 8}.${hosts & 255}`
}

/** Four targets that ran for ten minutes, with losses and holes here and there. */
export async function createPastGroup(db: Db, ctx: Ctx): Promise<PastGroup> {
  const four = [newHost(), newHost(), newHost(), newHost()]
  const { group } = await createGroup(ctx, { name: 'A group', hosts: four })
  const back = sql`${MEASURED_SECONDS} * interval '1 second'`
  await db.execute(sql`update groups set created_at = created_at - ${back} where id = ${group.id}`)
  await db.execute(
    sql`update targets set added_at = added_at - ${back} where group_id = ${group.id}`,
  )
  await db.execute(sql`update target_runs set started_at = started_at - ${back}
    where target_id in (select id from targets where group_id = ${group.id})`)
  await db.execute(sql`
    insert into samples (probe_id, at, rtt_us)
    select t.probe_id, date_trunc('milliseconds', now()) - (s + t.n * 0.1) * interval '1 second',
      case when (s + t.n) % 7 = 0 then -1 else 1000 * t.n + s end
    from targets t, generate_series(2, ${MEASURED_SECONDS}) s
    where t.group_id = ${group.id} and (s + 2 * t.n) % 50 > 3`)
  const idsWhere = async (isMeant: ReturnType<typeof sql>) => {
    const rows = await db.execute<{ id: string }>(sql`
      select id from targets where group_id = ${group.id} and ${isMeant} order by n`)
    return rows.map(({ id }) => id)
  }
  return {
    id: group.id,
    async targetId(row) {
      const ids = await idsWhere(sql`deleted_at is null`)
      return ids[row % ids.length]
    },
    removed: () => idsWhere(sql`deleted_at is not null`),
    newHost,
  }
}

/** Results of all that run, as the worker would store them now: each known by now, none by `sinceMs`. */
export async function storeFresh(
  db: Db,
  groupId: string,
  { values, sinceMs }: { values: readonly number[]; sinceMs: number },
): Promise<void> {
  const nowMs = (await readNow(db)).getTime()
  for (const [i, v] of values.entries()) {
    const atMs = Math.floor(nowMs - i - knownAtMs(0, v, TIMEOUT_MS))
    if (knownAtMs(atMs, v, TIMEOUT_MS) <= sinceMs) continue
    await db.execute(sql`
      insert into samples (probe_id, at, rtt_us)
      select r.probe_id, 'epoch'::timestamptz + ${atMs} * interval '1 ms', ${v}::int
      from target_runs r join targets t on t.id = r.target_id
      where t.group_id = ${groupId} and r.ended_at is null on conflict do nothing`)
  }
}

/** All that is known of the group becomes so many hours older, as if it had happened then. */
export async function moveBack(db: Db, groupId: string, hours: number): Promise<void> {
  const back = sql`${hours} * interval '1 hour'`
  const ofTargets = sql`target_id in (select id from targets where group_id = ${groupId})`
  await db.transaction(async (tx) => {
    // Without triggers: that the clock is turned back is no change that a wall has shown.
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`update samples set at = at - ${back} where probe_id in (
      select probe_id from target_runs where ${ofTargets})`)
    await tx.execute(sql`update target_runs set started_at = started_at - ${back},
      ended_at = ended_at - ${back} where ${ofTargets}`)
    await tx.execute(sql`update target_versions set until = until - ${back},
      deleted_at = deleted_at - ${back} where ${ofTargets}`)
    await tx.execute(sql`update targets set added_at = added_at - ${back},
      deleted_at = deleted_at - ${back} where group_id = ${groupId}`)
    for (const [table, id] of [
      ['groups', 'id'],
      ['group_versions', 'group_id'],
    ])
      await tx.execute(sql`update ${sql.identifier(table ?? '')} set updated_at = updated_at - ${back},
        deleted_at = deleted_at - ${back} where ${sql.identifier(id ?? '')} = ${groupId}`)
    await tx.execute(sql`update groups set created_at = created_at - ${back} where id = ${groupId}`)
    await tx.execute(
      sql`update group_versions set until = until - ${back} where group_id = ${groupId}`,
    )
  })
}
