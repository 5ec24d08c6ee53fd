// Reads packs of summaries as columns, and tells their slots.
import { sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { down, SLOT_US, type SlotLevel, type Time } from './cover.ts'
import { numbersOf } from './number-text.ts'
import { LEVELS, PACK_COLUMNS, type PackColumn } from './packs.ts'
import type { Slot, Summary } from './running-sum.ts'

/** Which packs are wanted: of each probe those that begin at these times, in µs since 1970. */
export type Wanted = Map<number, Set<number>>

export type PackShelf = {
  /** The pack in which the slot of that moment lies was found. */
  hasPack(probeId: number, atUs: number): boolean
  /** And that slot in it. */
  hasSlot(probeId: number, atUs: number): boolean
  /** Slots that begin in a time, in order; those without results are left out. */
  slotsOf(probeId: number, time: Time): Generator<Slot>
}

/** Asks for the packs in which the slots of a time lie. */
export function want(wanted: Wanted, level: SlotLevel, probeId: number, time: Time): void {
  const since = wanted.get(probeId) ?? new Set()
  wanted.set(probeId, since)
  for (const at of packsOf(level, time)) since.add(at)
}

/** Leans on the primary key: one look for each pack. */
export async function readPacks(
  tx: Pick<Db, 'execute'>,
  level: SlotLevel,
  wanted: Wanted,
): Promise<PackShelf> {
  const packs = new Map<string, Pack>()
  for (const { probe_id, since_us, ...row } of await readRows(tx, level, wanted))
    packs.set(`${probe_id} ${since_us}`, unpack(row))
  return { hasPack: (probeId, atUs) => find(probeId, atUs) !== undefined, hasSlot, slotsOf }

  function find(probeId: number, atUs: number): Pack | undefined {
    return packs.get(`${probeId} ${down(atUs, LEVELS[level].spanUs)}`)
  }

  function hasSlot(probeId: number, atUs: number): boolean {
    const slot = Math.floor((atUs % LEVELS[level].spanUs) / SLOT_US[level])
    return find(probeId, atUs)?.slots.includes(slot) ?? false
  }

  function* slotsOf(probeId: number, time: Time): Generator<Slot> {
    for (const since of packsOf(level, time)) {
      const pack = find(probeId, since)
      if (pack) yield* slotsIn(pack, level, since, time)
    }
  }
}

function* packsOf(level: SlotLevel, { fromUs, toUs }: Time): Generator<number> {
  const { spanUs } = LEVELS[level]
  for (let at = down(fromUs, spanUs); at < toUs; at += spanUs) yield at
}

type Pack = Record<PackColumn, number[]>
type Row = Record<PackColumn, string> & { probe_id: number; since_us: number }

// As text, which is read here faster than by the driver.
async function readRows(tx: Pick<Db, 'execute'>, level: SlotLevel, wanted: Wanted): Promise<Row[]> {
  const keys = [...wanted].flatMap(([probeId, times]) => [...times].map((us) => ({ probeId, us })))
  if (keys.length === 0) return []
  const columns = PACK_COLUMNS.map((name) => sql`p.${sql.identifier(name)}::text`)
  return await tx.execute<Row>(sql`
    select p.probe_id, date_part('epoch', p.since) * 1000000 as since_us,
      ${sql.join(columns, sql`, `)}
    from unnest(${sql.param(keys.map(({ probeId }) => probeId))}::int[],
      ${sql.param(keys.map(({ us }) => us))}::float8[]) as k(probe_id, us)
    join ${LEVELS[level].table} p on p.probe_id = k.probe_id
      and p.since = 'epoch'::timestamptz + k.us * interval '1 microsecond'`)
}

// All columns are there, which `fromEntries` does not tell.
function unpack(row: Record<PackColumn, string>): Pack {
  const columns = PACK_COLUMNS.map((name) => [name, numbersOf(row[name])] as const)
  return Object.fromEntries(columns) as Pack
}

function* slotsIn(
  pack: Pack,
  level: SlotLevel,
  sinceUs: number,
  { fromUs, toUs }: Time,
): Generator<Slot> {
  let before = 0
  for (let i = 0; i < pack.slots.length; i += 1) {
    const atUs = sinceUs + valueAt(pack.slots, i) * SLOT_US[level]
    const end = before + valueAt(pack.buckets_used, i)
    if (atUs >= toUs) return
    if (atUs >= fromUs) {
      const [buckets, counts] = [pack.buckets.slice(before, end), pack.counts.slice(before, end)]
      yield { atUs, summary: summaryAt(pack, i, atUs), buckets, counts }
    }
    before = end
  }
}

function summaryAt(pack: Pack, i: number, atUs: number): Summary {
  const received = valueAt(pack.received, i)
  return {
    sent: valueAt(pack.sent, i),
    received,
    minUs: valueAt(pack.min_us, i),
    maxUs: valueAt(pack.max_us, i),
    sumUs: valueAt(pack.sum_us, i),
    steps: Math.max(0, received - 1),
    stepSumUs: valueAt(pack.step_sum_us, i),
    firstUs: valueAt(pack.first_us, i),
    lastUs: valueAt(pack.last_us, i),
    firstAt: atUs + valueAt(pack.first_ms, i) * 1000,
    lastAt: atUs + valueAt(pack.last_ms, i) * 1000,
    leadingLossUntil: atUs + valueAt(pack.leading_loss_until_ms, i) * 1000,
    trailingLossFrom: atUs + valueAt(pack.trailing_loss_from_ms, i) * 1000,
    longestEnded: valueAt(pack.longest_ended_ms, i) * 1000,
  }
}

function valueAt(column: readonly number[], i: number): number {
  return column[i] ?? Number.NaN
}

/** The row that holds these slots, which are in order; JSON has null for `NaN`. */
export function packRow(
  level: SlotLevel,
  { probeId, sinceUs }: { probeId: number; sinceUs: number },
  slots: readonly Slot[],
): Pack & { probe_id: number; since: string } {
  const of = (pick: (summary: Summary) => number) => slots.map(({ summary }) => pick(summary))
  const msAfter = (pick: (summary: Summary) => number) =>
    slots.map(({ atUs, summary }) => Math.floor((pick(summary) - atUs) / 1000))
  return {
    probe_id: probeId,
    since: new Date(sinceUs / 1000).toISOString(),
    slots: slots.map(({ atUs }) => Math.round((atUs - sinceUs) / SLOT_US[level])),
    sent: of(({ sent }) => sent),
    received: of(({ received }) => received),
    min_us: of(({ minUs }) => minUs),
    max_us: of(({ maxUs }) => maxUs),
    sum_us: of(({ sumUs }) => sumUs),
    step_sum_us: of(({ stepSumUs }) => stepSumUs),
    first_us: of(({ firstUs }) => firstUs),
    last_us: of(({ lastUs }) => lastUs),
    first_ms: msAfter(({ firstAt }) => firstAt),
    last_ms: msAfter(({ lastAt }) => lastAt),
    leading_loss_until_ms: msAfter(({ leadingLossUntil }) => leadingLossUntil),
    trailing_loss_from_ms: msAfter(({ trailingLossFrom }) => trailingLossFrom),
    longest_ended_ms: of(({ longestEnded }) => Math.floor(longestEnded / 1000)),
    buckets_used: slots.map(({ buckets }) => buckets.length),
    buckets: slots.flatMap(({ buckets }) => buckets),
    counts: slots.flatMap(({ counts }) => counts),
  }
}
