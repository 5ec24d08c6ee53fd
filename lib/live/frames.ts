// Encodes frames once, for all who receive them, and reads those that readers send.
import { AppError } from '#lib/errors.ts'
import type { GroupRole } from '#lib/groups/contract.ts'
import type { Target, WrittenTarget } from '#lib/targets/contract.ts'
import { ClientFrame, type WrittenEvent, type WrittenFrame } from './protocol.ts'

/** Targets in one `targets.changed` event: about 90 KB of JSON. */
export const TARGETS_PER_EVENT = 500

export function encodeFrame(frame: WrittenFrame): string {
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
export function encodeEvent(topic: string, cursor: string, event: WrittenEvent): string {
  return encodeFrame({ type: 'event', topic, cursor, event })
}

/** A target as frames tell it. */
export function toLiveTarget(target: Target): WrittenTarget {
  const { added_at, stopped_by, running_since, ...always } = target
  return {
    ...always,
    ...(stopped_by !== null && { stopped_by }),
    ...(running_since !== null && { running_since }),
  }
}

/** A snapshot frame is the same for all readers but for their role, which is put in front. */
export function withRole(encodedSnapshot: string, role: GroupRole): string {
  return `{"role":"${role}",${encodedSnapshot.slice(1)}`
}
