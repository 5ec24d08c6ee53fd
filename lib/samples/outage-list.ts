// Lists when a target was dark: outages as far as it ran in them, the newest first.
import { sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import type { Hop } from '#lib/db/schema.ts'
import { type Page, toPage } from '#lib/page.ts'
import type { InTarget } from '#lib/targets/contract.ts'
import type { Outage, OutagePage } from './contract.ts'
import { lossKindOf } from './loss-kind.ts'
import { requirePresent } from './present-target.ts'
import { type Bounds, boundsOf, moment } from './window.ts'

type Row = {
  started_at: string
  ended_at: string | null
  is_answered: boolean
  /** Null where the outage began before the run. */
  outcome: number | null
  error_code: number | null
  error_from: string | null
  path: Hop[] | null
}

const USUAL_MS = 86_400_000

/**
 * The outages of a target that touch the window; of one that began while it did not run only what
 * came after. Throws `not_found` where the group is hidden or has no such target, and `invalid`.
 */
export async function listOutages(
  ctx: Ctx,
  { groupId, targetId, cursor, limit, ...window }: InTarget & OutagePage,
): Promise<Page<Outage>> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  await requirePresent(ctx.db, group.id, targetId)
  const bounds = await boundsOf(ctx.db, window, USUAL_MS)
  const rows = await selectOutages(ctx.db, { targetId, cursor, limit: limit + 1, ...bounds })
  return toPage(rows.map(toOutage), limit, (last) => last.started_at)
}

type Asked = Bounds & { targetId: string; cursor: Date | undefined; limit: number }

// Leans on the primary keys of target_runs and outages.
function selectOutages(db: Db, { targetId, cursor, limit, from, to }: Asked): Promise<Row[]> {
  return db.execute<Row>(sql`
    select started_at, ended_at, is_answered, outcome, error_code, error_from, path
    from (
      select greatest(o.started_at, r.started_at) as started_at,
        least(o.ended_at, r.ended_at) as ended_at,
        coalesce(o.ended_at <= coalesce(r.ended_at, 'infinity'), false) as is_answered,
        own.outcome, own.error_code, own.error_from, own.path
      from target_runs r
      join outages o on o.probe_id = r.probe_id
        and o.started_at < coalesce(r.ended_at, 'infinity')
        and coalesce(o.ended_at, 'infinity') > r.started_at
      left join lateral (select o.outcome, o.error_code, o.error_from, o.path) own
        on o.started_at >= r.started_at
      where r.target_id = ${targetId}
    ) seen
    where started_at < ${moment(to)} and coalesce(ended_at, 'infinity') > ${moment(from)}
      ${cursor && sql`and started_at < ${moment(cursor)}`}
    order by started_at desc limit ${limit}`)
}

function toOutage(row: Row): Outage {
  const { ended_at, is_answered, outcome, error_code, error_from } = row
  return {
    started_at: isoOf(row.started_at),
    ended_at: ended_at === null ? null : isoOf(ended_at),
    ended_by: ended_at === null ? null : is_answered ? 'answer' : 'stop',
    kind: lossKindOf(outcome ?? 0) ?? null,
    error: error_from === null ? null : { code: error_code, from: error_from },
    path: row.path,
  }
}

const isoOf = (timestamp: string) => new Date(timestamp).toISOString()
