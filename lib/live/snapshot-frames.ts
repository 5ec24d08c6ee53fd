// The frames of snapshots and replays: what the first one holds, and what follows it.
import type { Group } from '#lib/groups/contract.ts'
import { noSamples, type SampleColumns } from '#lib/samples/contract.ts'
import type { Recent, Series } from '#lib/samples/read.ts'
import { toStripColumns } from '#lib/samples/strip-columns.ts'
import type { Tallied } from '#lib/samples/tally.ts'
import type { Target } from '#lib/targets/contract.ts'
import { DEFAULT_THRESHOLDS, tellingResults } from '#lib/targets/health.ts'
import { encodeFrame, toLiveTarget } from './frames.ts'
import type { Tally } from './protocol.ts'

/** Samples in one frame: about 60 KB of JSON. */
export const SAMPLES_PER_FRAME = 5_000

export type SnapshotState = { topic: string; group: Group; targets: Target[] }

/** The cursor of a frame after which more will come: who resumes from it begins at the beginning. */
const BEGINNING = new Date(0).toISOString()

/** Whether one frame holds it all. */
export function fitsOneFrame({ series }: Recent): boolean {
  return series.reduce((sum, { at }) => sum + at.length, 0) <= SAMPLES_PER_FRAME
}

/** A whole snapshot in one frame. */
export function encodeSnapshot(
  { topic, group, targets }: SnapshotState,
  recent: Recent,
  since: string | undefined,
): string {
  const state = { group, targets: targets.map(toLiveTarget) }
  const samples = toColumns(recent.series)
  return encodeFrame({ ...factsOf(topic, recent), since, more: false, ...state, samples })
}

/** The first frame of a snapshot in several: the group, its targets, and how each answers now. */
export function encodeHead(
  { topic, group, targets }: SnapshotState,
  { series, cursor }: Pick<Recent, 'series' | 'cursor'>,
  since: string | undefined,
): string {
  const at = new Date().toISOString()
  const unfinished = { cursor: since ?? BEGINNING, since, complete_from: cursor, more: true }
  const state = { group, targets: targets.map(toLiveTarget) }
  const samples = toColumns(series.map(headPart))
  return encodeFrame({ type: 'snapshot', topic, at, ...unfinished, ...state, samples })
}

/** The frames after the head: every result; the last carries the cursor of the whole, and the tally. */
export function encodeStrips(
  topic: string,
  recent: Recent,
  { since, tally }: { since: string | undefined; tally?: Tally },
): string[] {
  const facts = factsOf(topic, recent)
  const chunks = chunksOf(recent.series)
  return chunks.map((chunk, i) => {
    const samples = toColumns(chunk)
    const isLast = i === chunks.length - 1
    return isLast
      ? encodeFrame({ ...facts, more: false, samples, ...(tally && { tally }) })
      : encodeFrame({ ...facts, cursor: since ?? BEGINNING, more: true, samples })
  })
}

/** The same where only counts are told, and of the results those by which a target's health is known. */
export function encodeTallies(
  topic: string,
  { recent, tallies }: { recent: Recent; tallies: Tallied[] },
  since: string | undefined,
): string[] {
  const losses = new Map(tallies.map((tallied) => [tallied.n, tallied.losses]))
  const told = recent.series.map((series) => join(losses.get(series.n), tellingPart(series)))
  const tally: Tally = {
    n: tallies.map(({ n }) => n),
    sent: tallies.map(({ sent }) => sent),
    lost: tallies.map(({ lost }) => lost),
  }
  const { cursor } = recent
  return encodeStrips(topic, { cursor, completeFrom: cursor, series: told }, { since, tally })
}

/** What was asked for of targets `n`, in frames of a bounded size; who has no results has an empty strip. */
export function encodeReplay(topic: string, recent: Recent, n: readonly number[]): string[] {
  const known = new Map(recent.series.map((series) => [series.n, series]))
  const series = n.map((one) => known.get(one) ?? { n: one, at: [], v: [] })
  const facts = { type: 'replay' as const, topic, complete_from: recent.completeFrom }
  return chunksOf(series).map((chunk) =>
    encodeFrame({ ...facts, strips: chunk.map(toStripColumns) }),
  )
}

function factsOf(topic: string, { cursor, completeFrom }: Recent) {
  const at = new Date().toISOString()
  return { type: 'snapshot' as const, topic, at, cursor, complete_from: completeFrom }
}

// The last result, unless it would tell of a loss where there is no outage.
function headPart(series: Series): Series {
  const isLoss = (us: number | undefined) => us !== undefined && us < 0
  const [last] = series.v.slice(-1)
  const isOutage = series.v.slice(-DEFAULT_THRESHOLDS.darkAfterLosses).every(isLoss)
  return lastOf(series, isLoss(last) && !isOutage ? tellingResults(series.v) : 1)
}

// What the head has not told of a target's health.
function tellingPart(series: Series): Series {
  const told = headPart(series).v.length
  const { n, at, v } = lastOf(series, tellingResults(series.v))
  return { n, at: at.slice(0, at.length - told), v: v.slice(0, v.length - told) }
}

function lastOf({ n, at, v }: Series, count: number): Series {
  return { n, at: at.slice(-count), v: v.slice(-count) }
}

function join(losses: Series | undefined, { n, at, v }: Series): Series {
  const start = at[0] ?? Number.POSITIVE_INFINITY
  const earlier = losses?.at.filter((time) => time < start) ?? []
  return { n, at: [...earlier, ...at], v: [...(losses?.v.slice(0, earlier.length) ?? []), ...v] }
}

function chunksOf(series: Series[]): Series[][] {
  const chunks: Series[][] = [[]]
  let room = SAMPLES_PER_FRAME
  for (const one of series) {
    if (one.at.length > room) {
      chunks.push([])
      room = SAMPLES_PER_FRAME
    }
    chunks.at(-1)?.push(one)
    room -= one.at.length
  }
  return chunks
}

/** Results of many targets in one set of columns. */
export function toColumns(series: readonly Series[]): SampleColumns {
  const starts = series.flatMap((s) => s.at.slice(0, 1))
  if (starts.length === 0) return noSamples(0)
  const columns = noSamples(starts.reduce((a, b) => Math.min(a, b)))
  for (const { n, at, v } of series) {
    for (const [i, time] of at.entries()) {
      columns.n.push(n)
      columns.d.push(time - columns.at)
      columns.v.push(v[i] ?? 0)
    }
  }
  return columns
}
