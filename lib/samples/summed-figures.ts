// Counts long and old windows from summaries, and from samples where a run begins in a slot.
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#lib/db/client.ts'
import { samplesBetween } from './between.ts'
import type { Figures } from './contract.ts'
import { tooMuch } from './counting.ts'
import { type Counted, toFigures } from './figures.ts'
import { type RunTime, type Stretch, stretchOf } from './stretches.ts'
import { readSummaries, type SlotSummary } from './summaries.ts'
import { joinSummaries, longestOutageMs, type Summary, summarize } from './summary.ts'
import { percentileUs, poolTotals, type Totals } from './totals.ts'

export const SLOT_MS = { minute: 60_000, hour: 3_600_000 }
export type SlotLevel = keyof typeof SLOT_MS

/** A few seconds of composing. */
const MOST_SLOTS = 500_000

/** Where the figures of a time belong: to the target `n`, or to one of its buckets. */
export type Placing = (n: number, fromMs: number, toMs: number) => Place[]
export type Place = { n: number; fromMs: number; toMs: number }

const byTarget: Placing = (n, fromMs, toMs) => [{ n, fromMs, toMs }]

type Asked = { runs: readonly RunTime[]; level: SlotLevel; rawSince: Date; placing?: Placing }
type Sum = { parts: Summary[]; notMeasured: number; endMs: number }

/**
 * The same figures as `countFigures`, with percentiles within 2 %. Older than samples a window is
 * counted by whole slots. Buckets must be of whole slots. Throws `invalid` where it is too long.
 */
export async function sumFigures(
  tx: Pick<Db, 'execute'>,
  { runs, level, rawSince, placing = byTarget }: Asked,
): Promise<Counted> {
  const cut = { slotMs: SLOT_MS[level], rawSinceMs: rawSince.getTime() }
  const stretches = runs.flatMap((run) => stretchOf(run, cut) ?? [])
  const slots = await readSlots(tx, stretches, level)
  const edges = await readEdges(tx, stretches)
  const sums = new Map<number, Sum>()
  for (const stretch of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const parts = [...(edges.get(stretch) ?? []), ...slotsWithin(stretch, slots)]
    addStretch(sums, { stretch, parts: parts.sort((a, b) => a.at - b.at), placing })
  }
  return countedOf(sums)
}

function countedOf(sums: ReadonlyMap<number, Sum>): Counted {
  const each = [...sums].map(([n, { parts, notMeasured, endMs }]) => {
    const summary = joinSummaries(parts)
    return { n, summary, notMeasured, outageMs: outageMsOf(summary, endMs) }
  })
  const all = poolTotals(each.map(({ summary }) => summary))
  const notMeasured = each.reduce((sum, one) => sum + one.notMeasured, 0)
  const outageMs = each.reduce((most, one) => Math.max(most, one.outageMs), 0)
  return {
    all: figuresOf(all, notMeasured, outageMs),
    byN: new Map(each.map((one) => [one.n, figuresOf(one.summary, one.notMeasured, one.outageMs)])),
  }
}

/** A summary of the time from `at` on. */
type Part = { at: number; summary: Summary }

function addStretch(
  sums: Map<number, Sum>,
  { stretch, parts, placing }: { stretch: Stretch; parts: Part[]; placing: Placing },
): void {
  let i = 0
  for (const place of placing(stretch.n, stretch.fromMs, stretch.toMs)) {
    const sum = sums.get(place.n) ?? { parts: [], notMeasured: 0, endMs: 0 }
    sums.set(place.n, sum)
    let measured = 0
    for (let part = parts[i]; part && part.at < place.toMs; part = parts[i]) {
      sum.parts.push(part.summary)
      measured += part.summary.sent
      i += 1
    }
    const settledMs = Math.min(place.toMs, stretch.settledMs)
    const due = Math.floor(Math.max(0, settledMs - place.fromMs) / stretch.intervalMs)
    sum.notMeasured += Math.max(0, due - measured)
    sum.endMs = place.toMs
  }
}

function slotsWithin(stretch: Stretch, slots: ReadonlyMap<number, SlotSummary[]>): SlotSummary[] {
  const { probeId, slotsFromMs, slotsToMs } = stretch
  return (slots.get(probeId) ?? []).filter(({ at }) => at >= slotsFromMs && at < slotsToMs)
}

async function readSlots(
  tx: Pick<Db, 'execute'>,
  stretches: readonly Stretch[],
  level: SlotLevel,
): Promise<Map<number, SlotSummary[]>> {
  const whole = stretches.filter((one) => one.slotsFromMs < one.slotsToMs)
  const count = whole.reduce((sum, one) => sum + (one.slotsToMs - one.slotsFromMs), 0)
  if (count / SLOT_MS[level] > MOST_SLOTS) throw tooMuch()
  const from = whole.reduce((least, one) => Math.min(least, one.slotsFromMs), Number.MAX_VALUE)
  const to = whole.reduce((most, one) => Math.max(most, one.slotsToMs), 0)
  if (whole.length === 0) return new Map()
  const probeIds = [...new Set(whole.map(({ probeId }) => probeId))]
  const window = { probeIds, from: new Date(from), to: new Date(to), level }
  return groupBy(await readSummaries(tx, window), ({ probeId }) => probeId)
}

type EdgeRow = { i: number; ms: number[]; v: number[] }

// What of each stretch lies before its first and after its last whole slot.
async function readEdges(
  tx: Pick<Db, 'execute'>,
  stretches: readonly Stretch[],
): Promise<Map<Stretch, Part[]>> {
  const edges = stretches.flatMap((stretch) =>
    [
      { stretch, fromMs: stretch.fromMs, toMs: stretch.slotsFromMs },
      { stretch, fromMs: stretch.slotsToMs, toMs: stretch.toMs },
    ].filter(({ fromMs, toMs }) => fromMs < toMs),
  )
  if (edges.length === 0) return new Map()
  const column = (pick: (edge: (typeof edges)[number]) => number) => sql.param(edges.map(pick))
  const rows = await tx.execute<EdgeRow>(sql`
    select edge.i::int as i, s.ms, s.v
    from unnest(${column(({ stretch }) => stretch.probeId)}::int[],
      ${column(({ fromMs }) => fromMs)}::float8[], ${column(({ toMs }) => toMs)}::float8[])
      with ordinality as edge(probe_id, from_ms, to_ms, i)
    cross join lateral (
      select array_agg((extract(epoch from s.at) * 1000)::float8 order by s.at) as ms,
        array_agg(s.rtt_us order by s.at) as v
      from ${samplesBetween(sql`edge.probe_id`, momentOf(sql`edge.from_ms`), momentOf(sql`edge.to_ms`))} s
    ) s
    where s.v is not null`)
  const parts = rows.flatMap(({ i, ms, v }) => {
    const edge = edges[i - 1]
    const results = ms.map((at, place) => ({ at, v: v[place] ?? 0 }))
    return edge ? [{ ...edge, summary: summarize(results, edge.stretch.intervalMs) }] : []
  })
  return new Map(
    [...groupBy(parts, ({ stretch }) => stretch)].map(([stretch, of]) => [
      stretch,
      of.map(({ fromMs, summary }) => ({ at: fromMs, summary })),
    ]),
  )
}

const momentOf = (ms: SQL) => sql`('epoch'::timestamptz + ${ms} * interval '1 ms')`

function outageMsOf(summary: Summary, endMs: number): number {
  const { longestEndedMs, trailingLossFrom } = summary
  if (trailingLossFrom === null) return longestEndedMs
  return Math.max(longestEndedMs, Math.min(longestOutageMs(summary), endMs - trailingLossFrom))
}

function figuresOf(totals: Totals, notMeasured: number, outageMs: number): Figures {
  return toFigures({
    sent: totals.sent,
    received: totals.received,
    not_measured: notMeasured,
    outage_seconds: outageMs / 1000,
    min_us: totals.minUs,
    max_us: totals.maxUs,
    sum_us: totals.sumUs,
    percentiles_us:
      totals.received > 0
        ? [0.5, 0.95, 0.99].map((share) => Math.round(percentileUs(totals, share) ?? 0))
        : null,
    steps: totals.steps,
    step_sum_us: totals.stepSumUs,
  })
}

function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
