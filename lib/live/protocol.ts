// The frames of the live connection, `echowall.v1`: the same on every transport.
import { z } from 'zod'
import { Group, GroupRole } from '#lib/groups/contract.ts'
import { SampleColumns } from '#lib/samples/contract.ts'
import { StorageLevel } from '#lib/samples/storage-level.ts'
import { StripColumns } from '#lib/samples/strip-columns.ts'
import { LiveTarget } from '#lib/targets/contract.ts'

export const SUBPROTOCOL = 'echowall.v1'
/** A silent connection says `tick` after this, so that its reader knows that it is alive. */
export const TICK_MS = 1_000
/** Without any frame for this long a reader calls what it shows stale. */
export const STALE_MS = 3_000
/** Longest frame a reader may send. */
export const MAX_CLIENT_FRAME_BYTES = 65_536
/** How many topics one connection may follow. */
export const MAX_TOPICS = 1_000
/** How many results of each target a snapshot replays at most, and how far back it goes. */
export const REPLAY = { results: 120, ms: 2 * 3_600_000 } as const
/** How many targets one frame may ask a replay of. */
export const MAX_REPLAYED = 200

/** `group:<uuid>` or `inbox`. */
export const Topic = z.union([z.literal('inbox'), z.templateLiteral(['group:', z.uuid()])])
export type Topic = z.infer<typeof Topic>

/** The group's id of a topic, in lower case (RFC 9562 section 4), or undefined for another kind. */
export function groupIdOfTopic(topic: string): string | undefined {
  return topic.startsWith('group:') ? topic.slice('group:'.length).toLowerCase() : undefined
}

/** The time of the flush last seen; opaque to readers, who only give it back. */
export const Cursor = z.iso.datetime().refine((time) => Date.parse(time) >= 0)

export const ClientFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('follow'),
    topic: z.string().max(100),
    since: Cursor.optional(),
    /** `last`: a snapshot brings last results and counts alone, unless all since the cursor is little. */
    replay: z.enum(['all', 'last']).optional(),
  }),
  /** Asks for the recent results of some targets of a topic that is followed. */
  z.strictObject({
    type: z.literal('replay'),
    topic: z.string().max(100),
    n: z.array(z.int32().positive()).min(1).max(MAX_REPLAYED),
  }),
  z.strictObject({ type: z.literal('unfollow'), topic: z.string().max(100) }),
  z.strictObject({ type: z.literal('pong') }),
])
export type ClientFrame = z.infer<typeof ClientFrame>

const now = z.iso.datetime()

/** What happened in a group. Events are hints with content: state again, never a difference. */
export const GroupEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('samples.arrived'), samples: SampleColumns }),
  z.object({ type: z.literal('group.changed'), group: Group }),
  /** Its marks are to be read again. */
  z.object({ type: z.literal('marks.changed') }),
  z.object({
    type: z.literal('targets.changed'),
    targets: z.array(LiveTarget),
    removed: z.array(z.uuid()),
  }),
])
export type GroupEvent = z.infer<typeof GroupEvent>
export type WrittenEvent = z.input<typeof GroupEvent>

/**
 * Of target `n[i]` in the window of a strip, up to its last result told before: how many echoes were
 * sent, and how many of these were lost. Where they are at most three, the samples hold them.
 */
export const Tally = z.object({
  n: z.array(z.int()),
  sent: z.array(z.int()),
  lost: z.array(z.int()),
})
export type Tally = z.infer<typeof Tally>

/** The first frame of a snapshot holds group and targets; further ones, while `more`, only samples. */
export const Snapshot = z.object({
  type: z.literal('snapshot'),
  topic: z.string(),
  at: now,
  cursor: Cursor,
  /** The cursor of the reader from which it goes on; none: from the beginning. In a first frame. */
  since: Cursor.optional(),
  /** From here on no stored result of a target is missing. */
  complete_from: now,
  more: z.boolean(),
  role: GroupRole.optional(),
  group: Group.optional(),
  targets: z.array(LiveTarget).optional(),
  samples: SampleColumns,
  /** In the last frame of one that does not replay all: what it left out may be asked for. */
  tally: Tally.optional(),
})
export type Snapshot = z.infer<typeof Snapshot>

/** What was asked for: a strip for each of the targets, without results where there are none. */
export const Replay = z.object({
  type: z.literal('replay'),
  topic: z.string(),
  /** From here on no stored result of these targets is missing. */
  complete_from: now,
  strips: z.array(StripColumns),
})
export type Replay = z.infer<typeof Replay>

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    connection: z.string(),
    protocol: z.string(),
    heartbeat_seconds: z.number(),
    now,
    /** Whose connection this is, so that a page knows it for its own. */
    session: z.string().optional(),
  }),
  Snapshot,
  Replay,
  z.object({ type: z.literal('event'), topic: z.string(), cursor: Cursor, event: GroupEvent }),
  /** `not_found`: nothing the reader may see. `unavailable`: not known just now, so ask again. */
  z.object({ type: z.literal('denied'), topic: z.string(), code: z.string() }),
  z.object({ type: z.literal('ended'), topic: z.string(), code: z.string() }),
  z.object({ type: z.literal('ping'), now }),
  z.object({ type: z.literal('tick'), now }),
  z.object({ type: z.literal('stale') }),
  z.object({ type: z.literal('live') }),
  /** Room for results: at `full` they are not stored, and so not told. Unsaid, it is `ok`. */
  z.object({ type: z.literal('storage'), level: StorageLevel, since: now.optional() }),
  z.object({ type: z.literal('bye'), code: z.int(), after_ms: z.int() }),
])
export type ServerFrame = z.infer<typeof ServerFrame>
export type WrittenFrame = z.input<typeof ServerFrame>
