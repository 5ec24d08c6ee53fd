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

export type SnapshotState = { topic: string; group: Group; targets: Target[]; recent: Recent }

/**
 * A snapshot as frames: the first with the group, its targets and, where all results are too many
 * for one frame, each target's last; the others follow in frames of their own, `more` but in the last.
 */
export function encodeSnapshot({ topic, group, targets, recent }: SnapshotState): string[] {
  const { cursor, series } = recent
  const total = series.reduce((sum, s) => sum + s.at.length, 0)
  const chunks =
    total <= SAMPLES_PER_FRAME
      ? [toColumns(series)]
      : [toColumns(series.map(lastOf)), ...chunksOf(series).map(toColumns)]
  const facts = { topic, at: new Date().toISOString(), cursor, complete_from: recent.completeFrom }
  return chunks.map((samples, i) =>
    encodeFrame({
      type: 'snapshot',
      ...facts,
      more: i < chunks.length - 1,
      ...(i === 0 && { group, targets }),
      samples,
    }),
  )
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
