// Which cards stood on a person's wall at a moment, in their order of then.
import { type SQL, sql } from 'drizzle-orm'
import { requireUser } from '#lib/auth/access.ts'
import type { Ctx } from '#lib/auth/context.ts'
import { rawSince } from '#lib/samples/retention.ts'
import { moment, readNow } from '#lib/samples/window.ts'
import type { PastCards, WallMoment } from './past-contract.ts'
import { MAX_CARDS } from './read.ts'

/**
 * My wall of then, as far as I may see it today: a group that was deleted meanwhile, or is hidden,
 * leaves no card. Empty of a time before all groups, and of one to come as it is now.
 */
export async function listPastCards(ctx: Ctx, { at }: WallMoment): Promise<PastCards> {
  const { userId } = requireUser(ctx)
  const cards = sql`stood as (${standingAt(userId, at)}), mine as (${visibleTo(userId)})`
  const rows = await ctx.db.execute<{ id: string }>(sql`
    with ${cards}
    select m.id from stood s join mine m on m.id = s.group_id
    where s.position is not null and m.created_at <= ${moment(at)} and not (${isGone(at)})
    order by s.position, m.id limit ${MAX_CARDS}`)
  // In whole milliseconds: asked for then, the wall has changed.
  const [turn] = await ctx.db.execute<{ at: string | null }>(sql`
    with ${cards}
    select date_trunc('milliseconds', min(turns.at)) + interval '1 ms' as at from (
      select v.until as at from card_versions v join mine m on m.id = v.group_id
      where v.user_id = ${userId}
      union all
      select v.until from group_versions v join mine m on m.id = v.group_id
        join stood s on s.group_id = m.id
      union all
      select m.created_at from mine m join stood s on s.group_id = m.id
    ) turns where turns.at > ${moment(at)}`)
  return {
    at: at.toISOString(),
    kept_from: rawSince(await readNow(ctx.db), ctx.config).toISOString(),
    items: rows.map(({ id }) => ({ id })),
    until: turn?.at ? new Date(turn.at).toISOString() : null,
  }
}

/** The groups (id, created_at, deleted_at) that a person may see today. */
export function visibleTo(userId: string): SQL {
  return sql`
    select g.id, g.created_at, g.deleted_at from groups g
    where g.deleted_at is null and (g.owner_id = ${userId} or g.visibility = 'public' or exists (
      select from memberships m where m.group_id = g.id and m.user_id = ${userId}))`
}

// Every card that stands or stood there, with its place of then; null where it did not stand.
function standingAt(userId: string, at: Date): SQL {
  return sql`
    select distinct on (group_id) group_id, position from (
      select group_id, until, position from card_versions
      where user_id = ${userId} and until > ${moment(at)}
      union all
      select group_id, 'infinity', position from cards where user_id = ${userId}
    ) faces order by group_id, until`
}

// Whether it was deleted then: what was brought back later was not there in between.
function isGone(at: Date): SQL {
  return sql`select coalesce((
    select v.deleted_at <= ${moment(at)} from group_versions v
    where v.group_id = m.id and v.until > ${moment(at)} order by v.until limit 1), false)`
}
