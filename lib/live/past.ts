// Shows a group as the live wall showed it at a moment, and what happened in it afterwards.
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import { AppError } from '#lib/errors.ts'
import { readGroupPast } from '#lib/groups/group-past.ts'
import { type Roster, rosterAt, turnsOf } from '#lib/groups/roster.ts'
import { readBecomingKnown, readKnown } from '#lib/samples/past-results.ts'
import type { Series } from '#lib/samples/read.ts'
import { rawSince } from '#lib/samples/retention.ts'
import { toStripColumns } from '#lib/samples/strip-columns.ts'
import { readNow } from '#lib/samples/window.ts'
import { toLiveTarget } from './frames.ts'
import {
  MOST_STRETCH_MS,
  type PastMoment,
  type PastStretch,
  type WrittenPast,
  type WrittenPastEvents,
} from './past-contract.ts'
import { REPLAY } from './protocol.ts'
import { toColumns } from './snapshot-frames.ts'

/** Targets whose strips are told in one answer: about 600 KB of JSON. */
const STRIPS_PER_PAGE = 500
/** Results that a stretch may hold; a longer one ends earlier. */
const MOST_RESULTS = 100_000
/** Moments of change in a stretch: each costs a look at every target. */
const MOST_TURNS = 100

/**
 * The group at a moment. Throws `not_found` where it is hidden, `invalid` for a moment to come and
 * for one whose single results are no longer kept.
 */
export async function showPast(
  ctx: Ctx,
  { groupId, at, cursor }: PastMoment,
): Promise<WrittenPast> {
  const { group, role } = await requireGroup(ctx, groupId, 'viewer')
  const keptFrom = await checkKept(ctx, { at })
  const past = await readGroupPast(ctx.db, group.id, { from: at, to: at })
  const roster = rosterAt(past, at.getTime())
  const since = new Date(Math.max(at.getTime() - REPLAY.ms, keptFrom.getTime()))
  const { n, next } = pageOf(roster, cursor)
  const rows = { groupId: group.id, n }
  const known = await readKnown(ctx.db, rows, { since, by: at, results: REPLAY.results })
  const byNumber = new Map(known.map((series) => [series.n, series]))
  return {
    at: at.toISOString(),
    group: roster ? { ...roster.group, role } : null,
    targets: cursor === 0 ? (roster?.targets.map(toLiveTarget) ?? []) : [],
    complete_from: since.toISOString(),
    strips: n.map((one) => toStripColumns(byNumber.get(one) ?? { n: one, at: [], v: [] })),
    next_cursor: next === undefined ? null : String(next),
  }
}

/** What became known in (from, to]. Throws as `showPast`, and `invalid` for more than five minutes. */
export async function showPastEvents(
  ctx: Ctx,
  { groupId, from, to }: PastStretch,
): Promise<WrittenPastEvents> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  if (from >= to) throw refusal('to', 'a time after `from`')
  if (to.getTime() - from.getTime() > MOST_STRETCH_MS) {
    throw refusal('to', `at most ${MOST_STRETCH_MS / 1000} s after \`from\``)
  }
  const keptFrom = await checkKept(ctx, { from, to })
  const past = await readGroupPast(ctx.db, group.id, { from, to })
  const first = rosterAt(past, from.getTime())
  const bounded = { fromMs: from.getTime(), toMs: boundedEnd(first, from, to) }
  const turns = turnsOf(past, bounded.fromMs, bounded.toMs)
  const endMs = turns.length > MOST_TURNS ? (turns[MOST_TURNS - 1] ?? 0) : bounded.toMs
  const told = turns.slice(0, MOST_TURNS).map((ms) => ({ ms, roster: rosterAt(past, ms) }))
  const end = new Date(endMs)
  const rosters = [first, ...told.map(({ roster }) => roster)]
  const asked = { groupId: group.id, from, to: end, keptFrom }
  const series = await readComing(ctx.db, asked, rosters)
  return {
    from: from.toISOString(),
    to: end.toISOString(),
    samples: toColumns(series),
    events: told.flatMap(({ ms, roster }, i) =>
      changesBetween(i === 0 ? first : told[i - 1]?.roster, roster).map((event) => ({
        at: new Date(ms).toISOString(),
        event,
      })),
    ),
  }
}

type Coming = { groupId: string; from: Date; to: Date; keptFrom: Date }

// A target that appears again brings along what it showed before.
async function readComing(
  db: Db,
  { groupId, from, to, keptFrom }: Coming,
  rosters: readonly (Roster | undefined)[],
): Promise<Series[]> {
  const [first, ...later] = rosters.map((roster) => roster?.targets.map(({ n }) => n) ?? [])
  const present = new Set(first)
  const appearing = [...new Set(later.flat())].filter((n) => !present.has(n))
  const since = new Date(Math.max(from.getTime() - REPLAY.ms, keptFrom.getTime()))
  const known = { since, by: from, results: REPLAY.results }
  const [coming, before] = await Promise.all([
    readBecomingKnown(db, { groupId, n: [...present, ...appearing] }, { from, to }),
    appearing.length > 0 ? readKnown(db, { groupId, n: appearing }, known) : [],
  ])
  return [...before, ...coming]
}

async function checkKept(ctx: Ctx, times: Record<string, Date>): Promise<Date> {
  const now = await readNow(ctx.db)
  const keptFrom = rawSince(now, ctx.config)
  for (const [path, time] of Object.entries(times)) {
    if (time > now) throw refusal(path, `a time that has passed; now it is ${now.toISOString()}`)
    if (time < keptFrom) {
      throw refusal(path, `single results are no longer kept before ${keptFrom.toISOString()}`)
    }
  }
  return keptFrom
}

function pageOf(roster: Roster | undefined, cursor: number) {
  const numbers = roster?.targets.map(({ n }) => n).filter((n) => n > cursor) ?? []
  const n = numbers.sort((a, b) => a - b).slice(0, STRIPS_PER_PAGE)
  return { n, next: numbers.length > n.length ? n.at(-1) : undefined }
}

function boundedEnd(roster: Roster | undefined, from: Date, to: Date): number {
  const running = roster?.targets.filter(({ state }) => state === 'running').length ?? 0
  const intervalMs = roster?.group.parameters.interval_ms ?? 0
  const longestMs = running === 0 ? MOST_STRETCH_MS : (MOST_RESULTS * intervalMs) / running
  return Math.min(to.getTime(), Math.ceil(from.getTime() + longestMs))
}

type Events = WrittenPastEvents['events'][number]['event'][]

function changesBetween(before: Roster | undefined, after: Roster | undefined): Events {
  const known = new Map(before?.targets.map((target) => [target.id, JSON.stringify(target)]))
  const targets = after?.targets.filter((target) => known.get(target.id) !== JSON.stringify(target))
  const present = new Set(after?.targets.map(({ id }) => id))
  const removed = [...known.keys()].filter((id) => !present.has(id))
  const events: Events = []
  if (after && JSON.stringify(after.group) !== JSON.stringify(before?.group)) {
    events.push({ type: 'group.changed', group: after.group })
  }
  if (targets?.length || removed.length > 0) {
    const told = targets?.map(toLiveTarget) ?? []
    events.push({ type: 'targets.changed', targets: told, removed })
  }
  return events
}

function refusal(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}.`, { issues: [{ path, message }] })
}
