// Shows a group's targets by time: which of them lost echoes when, a page at once.
import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '#lib/auth/context.ts'
import { requireGroup } from '#lib/auth/group-access.ts'
import type { Db } from '#lib/db/client.ts'
import { toPage } from '#lib/page.ts'
import type { InGroup } from '#lib/targets/contract.ts'
import { bucketWidthFor } from './bucket-width.ts'
import { beginningOf, type Grid, gridOver, inGrid } from './buckets.ts'
import { whileCounting } from './counting.ts'
import { SLOT_US } from './cover.ts'
import type { Counted } from './figures.ts'
import { countFinest, type Extent, levelFor, MOST_RESULTS } from './finest.ts'
import type { Matrix, MatrixRow, MatrixWindow } from './matrix-contract.ts'
import type { Retention } from './retention.ts'
import { type Period, spansOf } from './spans.ts'
import { chartedBoundsAt, moment } from './window.ts'

const HOUR_MS = 3_600_000
/** What one page answers with, and how many summaries it is counted from. */
const MOST_CELLS = 60_000
const MOST_SLOTS = 250_000
/** Results not summed up yet, by which summaries are continued, are of so long and so many. */
const FRESH_MS = 1.5 * HOUR_MS
const MOST_FRESH = 2 * MOST_RESULTS
/** So many pages may be counted sample by sample. */
const FEW_PAGES = 3

/**
 * The targets of the group by buckets of [from, to). Of what summaries tell buckets are whole slots,
 * so they may be fewer than asked for. Throws `not_found` where the group is hidden, `invalid` where
 * `from` is not before `to`, where they lie too far apart, or where there is too much to count.
 */
export async function showMatrix(
  ctx: Ctx,
  { groupId, columns, cursor, limit, ...window }: InGroup & MatrixWindow,
): Promise<Matrix> {
  const { group } = await requireGroup(ctx, groupId, 'viewer')
  return await whileCounting(ctx.db, async (tx, now) => {
    const period = { ...chartedBoundsAt(now, window, HOUR_MS), now }
    const cut = await cutOf(tx, { groupId: group.id, columns, period, retention: ctx.config })
    const most = Math.max(1, Math.min(limit, cut.mostTargets))
    const rows = await readRows(tx, { groupId: group.id, cursor, limit: most + 1 })
    const { items, next_cursor } = toPage(rows, most, ({ position, n }) => `${position}:${n}`)
    const counted = await count(tx, { rows: items, grid: cut.grid, period, retention: ctx.config })
    return {
      from: period.from.toISOString(),
      to: period.to.toISOString(),
      bucket_seconds: cut.grid.widthMs / 1000,
      at: placesOf(cut.grid).map((place) => beginningOf(cut.grid, place, period).toISOString()),
      targets: items.map((row, i) => toRow(row, i, cut.grid, counted)),
      next_cursor,
    }
  })
}

type Asked = { groupId: string; columns: number; period: Period; retention: Retention }

// By what the whole group holds, so that all its pages have the same columns.
async function cutOf(
  tx: Pick<Db, 'execute'>,
  { groupId, columns, period, retention }: Asked,
): Promise<{ grid: Grid; mostTargets: number }> {
  const rangeMs = period.to.getTime() - period.from.getTime()
  const widthMs = bucketWidthFor(rangeMs / 1000, columns) * 1000
  const held = await readHeld(tx, groupId, period)
  const level = levelOf({ ...held, widthMs }, period.now, retention)
  const slotMs = level === 'sample' ? 1000 : SLOT_US[level] / 1000
  const grid = gridOver(period, (Math.ceil(widthMs / slotMs) * slotMs) / 1000)
  const fresh = held.mostDue * Math.min(1, FRESH_MS / rangeMs)
  const most =
    level === 'sample'
      ? MOST_RESULTS / held.mostDue
      : Math.min(MOST_SLOTS / (rangeMs / longestSlotMs(grid)), MOST_FRESH / fresh)
  return { grid, mostTargets: Math.floor(Math.min(MOST_CELLS / grid.count, most)) }
}

// The longest summaries that whole columns are made of.
function longestSlotMs({ widthMs }: Grid): number {
  const slots = [SLOT_US.day, SLOT_US.hour, SLOT_US.minute].map((us) => us / 1000)
  return slots.find((slotMs) => widthMs % slotMs === 0) ?? 1000
}

/** `mostDue` is what was due of one target at most. */
type Held = Extent & { mostDue: number }

type Wanted = Held & { widthMs: number }

// For columns of seconds a few pages are counted from samples, though all at once would be too much.
function levelOf({ mostDue, widthMs, ...extent }: Wanted, now: Date, retention: Retention) {
  const isFewPages = extent.due <= FEW_PAGES * MOST_RESULTS && mostDue <= MOST_RESULTS
  const isFine = isFewPages && widthMs < SLOT_US.minute / 1000
  const due = isFine ? Math.min(extent.due, MOST_RESULTS) : extent.due
  return levelFor({ ...extent, due }, now, retention)
}

// Without any run it is as if all were known.
async function readHeld(tx: Pick<Db, 'execute'>, groupId: string, period: Period): Promise<Held> {
  const targets = sql`(select id, n from targets where group_id = ${groupId} and deleted_at is null)`
  const ms = (at: SQL) => sql`(extract(epoch from ${at}) * 1000)::float8`
  const ends = sql`least(ends_at, ${moment(period.now)})`
  const [row] = await tx.execute<Held>(sql`
    select coalesce(min(from_ms), 'infinity') as "fromMs", coalesce(max(to_ms), 0) as "toMs",
      coalesce(sum(due), 0) as due, coalesce(max(due), 0) as "mostDue"
    from (
      select min(${ms(sql`starts_at`)}) as from_ms, max(${ms(ends)}) as to_ms,
        sum((${ms(ends)} - ${ms(sql`starts_at`)}) / interval_ms) as due
      from (${spansOf(targets, period)}) span where starts_at < ${moment(period.now)}
      group by n
    ) target`)
  if (!row) throw new Error('A sum answered no row.')
  return row
}

type Row = Pick<MatrixRow, 'id' | 'n' | 'host' | 'label'> & { position: number }
type Page = { groupId: string; cursor: string | undefined; limit: number }

function readRows(tx: Pick<Db, 'execute'>, { groupId, cursor, limit }: Page): Promise<Row[]> {
  const [position, n] = cursor?.split(':') ?? []
  return tx.execute<Row>(sql`
    select id, n, host, label, position from targets
    where group_id = ${groupId} and deleted_at is null
      ${cursor && sql`and (position, n) > (${Number(position)}::float8, ${n}::int)`}
    order by position, n limit ${limit}`)
}

type Counting = { rows: readonly Row[]; grid: Grid; period: Period; retention: Retention }

// Numbered from 1 by their order: a target's own number may be any.
async function count(
  tx: Pick<Db, 'execute'>,
  { rows, grid, period, retention }: Counting,
): Promise<Counted> {
  const targets = sql`(
    select id, i::int as n
    from unnest(${sql.param(rows.map(({ id }) => id))}::uuid[]) with ordinality as u(id, i))`
  return await countFinest(tx, { targets, period, retention, placing: inGrid(grid) })
}

function toRow({ id, n, host, label }: Row, row: number, grid: Grid, { byN }: Counted): MatrixRow {
  const cells = placesOf(grid).map((place) => byN.get(row * grid.count + place + 1))
  return {
    id,
    n,
    host,
    label,
    sent: cells.map((cell) => cell?.sent ?? 0),
    received: cells.map((cell) => cell?.received ?? 0),
    not_measured: cells.map((cell) => cell?.not_measured ?? 0),
    outage_ms: cells.map((cell) => Math.round((cell?.longest_outage_seconds ?? 0) * 1000)),
    p50_us: cells.map((cell) => (cell?.p50_ms == null ? -1 : Math.round(cell.p50_ms * 1000))),
  }
}

const placesOf = ({ count }: Grid) => Array.from({ length: count }, (_, place) => place)
