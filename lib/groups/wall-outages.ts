// When anything on a person's wall was dark: marks for a slider, places to jump to.
import { type SQL, sql } from 'drizzle-orm'
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx } from '#lib/auth/context.ts'
import { moment } from '#lib/samples/window.ts'
import { visibleTo } from './past-cards.ts'
import type { WallOutage, WallOutages } from './past-contract.ts'

/** The answer's columns, times as PostgreSQL writes them. */
type Row = WallOutage

/** As far as their targets ran in them, of the groups that stand or stood on my wall. */
export async function listWallOutages(ctx: Ctx, asked: WallOutages): Promise<WallOutage[]> {
  const { userId } = requireUser(ctx)
  const { isAsked, order } = partOf(asked)
  const rows = await ctx.db.execute<Row>(sql`
    select t.group_id, t.id as target_id, t.host, t.label, dark.*
    from (${visibleTo(userId)}) mine
    join targets t on t.group_id = mine.id
    join target_runs r on r.target_id = t.id
    join probes p on p.id = r.probe_id
    cross join lateral (
      select seen.* from (
        select greatest(o.started_at, r.started_at) as started_at,
          greatest(o.started_at, r.started_at)
            + (2 * p.interval_ms + p.timeout_ms) * interval '1 ms' as dark_at,
          least(o.ended_at, r.ended_at) as ended_at
        from outages o
        where o.probe_id = r.probe_id and o.started_at < coalesce(r.ended_at, 'infinity')
          and coalesce(o.ended_at, 'infinity') > r.started_at
      ) seen
      where ${isAsked} order by dark_at ${order} limit ${asked.limit}
    ) dark
    where exists (select from cards c where c.group_id = mine.id and c.user_id = ${userId})
      or exists (select from card_versions c where c.group_id = mine.id and c.user_id = ${userId})
    order by dark_at ${order}, t.group_id, t.n limit ${asked.limit}`)
  return rows.map(toOutage)
}

function partOf({ from, to, after, before }: WallOutages): { isAsked: SQL; order: SQL } {
  if (after) return { isAsked: sql`dark_at > ${moment(after)}`, order: sql`asc` }
  if (before) return { isAsked: sql`dark_at < ${moment(before)}`, order: sql`desc` }
  if (!from || !to) throw new Error('An asked part is a window, or after or before a moment.')
  const touches = sql`started_at < ${moment(to)}
    and coalesce(ended_at, 'infinity') > ${moment(from)}`
  return { isAsked: touches, order: sql`desc` }
}

function toOutage({ started_at, dark_at, ended_at, ...where }: Row): WallOutage {
  return {
    ...where,
    started_at: isoOf(started_at),
    dark_at: isoOf(dark_at),
    ended_at: ended_at === null ? null : isoOf(ended_at),
  }
}

const isoOf = (timestamp: string) => new Date(timestamp).toISOString()
