// Encodes frames once, for all who receive them, and reads those that readers send.
import { AppError } from '#lib/errors.ts'
import type { Group, GroupRole } from '#lib/groups/contract.ts'
import { noSamples, type SampleColumns } from '#lib/samples/contract.ts'
import type { Recent, Series } from '#lib/samples/read.ts'
import type { Target } from '#lib/targets/contract.ts'
import { ClientFrame, type GroupEvent, type ServerFrame } from './protocol.ts'

/** Samples in one frame: about 60 KB of JSON. */
const SAMPLES_PER_FRAME = 5_000
/** Targets in one `targets.changed` event: about 120 KB of JSON. */
export const TARGETS_PER_EVENT = 500

export function encodeFrame(frame: ServerFrame): string {
  return JSON.stringify(frame)
}

/** Throws `AppError` `invalid` for anything that is no frame of the protocol. */
export function decodeFrame(text: string): ClientFrame {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new AppError('invalid', 'A frame is one JSON object.', { cause })
  }
  const parsed = ClientFrame.safeParse(json)
  if (!parsed.success) throw new AppError('invalid', 'This is no frame of echowall.v1.')
  return parsed.data
}

/** An event's frame as text. */
export function encodeEvent(topic: string, cursor: string, event: GroupEvent): string {
  return encodeFrame({ type: 'event', topic, cursor, event })
}

export type SnapshotState = { topic: string; group: Group; targets: Target[] }

/** The cursor of a frame after which more will come: who resumes from it begins at the beginning. */
const BEGINNING = new Date(0).toISOString()

/** Whether one frame holds it all. */
export function fitsOneFrame({ series }: Recent): boolean {
  return series.reduce((sum, { at }) => sum + at.length, 0) <= SAMPLES_PER_FRAME
}

/** A whole snapshot in one frame. */
export function encodeSnapshot({ topic, group, targets }: SnapshotState, recent: Recent): string {
  const samples = toColumns(recent.series)
  return encodeFrame({ ...factsOf(topic, recent), more: false, group, targets, samples })
}

/** The first frame of a snapshot in several: the group, its targets, and the last result of each. */
export function encodeHead(
  { topic, group, targets }: SnapshotState,
  { series, cursor }: Pick<Recent, 'series' | 'cursor'>,
  since: string | undefined,
): string {
  const at = new Date().toISOString()
  const unfinished = { cursor: since ?? BEGINNING, complete_from: cursor, more: true }
  const samples = toColumns(series.map(lastOf))
  return encodeFrame({ type: 'snapshot', topic, at, ...unfinished, group, targets, samples })
}

/** The frames after the head: every result; the last carries the cursor of the whole. */
export function encodeStrips(topic: string, recent: Recent, since: string | undefined): string[] {
  const facts = factsOf(topic, recent)
  const chunks = chunksOf(recent.series)
  return chunks.map((chunk, i) => {
    const more = i < chunks.length - 1
    const cursor = more ? (since ?? BEGINNING) : recent.cursor
    return encodeFrame({ ...facts, cursor, more, samples: toColumns(chunk) })
  })
}

function factsOf(topic: string, { cursor, completeFrom }: Recent) {
  const at = new Date().toISOString()
  return { type: 'snapshot' as const, topic, at, cursor, complete_from: completeFrom }
}

/** A snapshot frame is the same for all readers but for their role, which is put in front. */
export function withRole(encodedSnapshot: string, role: GroupRole): string {
  return `{"role":"${role}",${encodedSnapshot.slice(1)}`
}

function lastOf({ n, at, v }: Series): Series {
  return { n, at: at.slice(-1), v: v.slice(-1) }
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

function toColumns(series: Series[]): SampleColumns {
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
