// What the world sees of targets: the addresses of a group.
import { z } from 'zod'
import { pageLimit } from '#lib/page.ts'
import { LENGTHS } from '#lib/vocabulary.ts'

/** One line of text as a person writes it; control characters are refused (PostgreSQL has no NUL). */
export const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'no control characters')

/** Lower case, as PostgreSQL answers it: channel names are made of it. */
export const Id = z.uuid().toLowerCase()

export const TargetState = z.enum(['running', 'stopped', 'parked'])
export type TargetState = z.infer<typeof TargetState>

export const Target = z.strictObject({
  id: z.uuid(),
  /** The target's small number in its group: given once, never reused. */
  n: z.int().positive(),
  host: z.string(),
  label: z.string(),
  state: TargetState,
  stopped_by: z.enum(['person', 'rule']).nullable(),
  position: z.number(),
  added_at: z.iso.datetime(),
  /** Since when it runs with the parameters of now; null while it does not. */
  running_since: z.iso.datetime().nullable(),
})
export type Target = z.infer<typeof Target>

/**
 * A target as frames tell it: a wall is joined with a thousand of them, so that what is null stays
 * out, and so does what no row shows.
 */
export const LiveTarget = z.object({
  ...Target.omit({ added_at: true }).shape,
  stopped_by: Target.shape.stopped_by.default(null),
  running_since: Target.shape.running_since.default(null),
})
export type LiveTarget = z.infer<typeof LiveTarget>
export type WrittenTarget = z.input<typeof LiveTarget>

/** What was not added, and why: `input` is the piece as it was typed. */
export const Skipped = z.strictObject({ input: z.string(), reason: z.string() })
export type Skipped = z.infer<typeof Skipped>

const piece = z.string().max(1_048_576)
const TOO_MANY = `at most ${LENGTHS.targetsPerRequest.toLocaleString('en')} in one request`

/** A pasted text, or a list of pieces each of which may be a text itself. */
export const Hosts = z.union(
  [piece, z.array(piece).max(LENGTHS.targetsPerRequest)],
  `a text or a list of texts, ${TOO_MANY}`,
)
export type Hosts = z.infer<typeof Hosts>

export const NewTargets = z.strictObject({ hosts: Hosts })
export type NewTargets = z.infer<typeof NewTargets>

export const AddedTarget = z.strictObject({
  id: z.uuid(),
  n: z.int(),
  host: z.string(),
  label: z.string(),
})
export type AddedTarget = z.infer<typeof AddedTarget>

/** Where the group's results arrive live. */
export const Stream = z.strictObject({ ws: z.string(), sse: z.string() })
export type Stream = z.infer<typeof Stream>

export const AddedTargets = z.strictObject({
  added: z.array(AddedTarget),
  skipped: z.array(Skipped),
  stream: Stream,
})
export type AddedTargets = z.infer<typeof AddedTargets>

/** Whose targets, and which of them: the parameters of the paths. */
export const InGroup = z.strictObject({ groupId: Id })
export type InGroup = z.infer<typeof InGroup>
export const InTarget = InGroup.extend({ targetId: Id })
export type InTarget = z.infer<typeof InTarget>

export const TargetPatch = z.strictObject({
  label: oneLine(LENGTHS.label).optional(),
  state: z.enum(['running', 'stopped']).optional(),
  /** Anywhere between two neighbours; those of equal position stand in the order of their numbers. */
  position: z.number().min(-1e12).max(1e12).optional(),
})
export type TargetPatch = z.infer<typeof TargetPatch>

/** What became of many targets at once; `skipped` are those that could not take part, and why. */
export const ChangedTargets = z.strictObject({
  targets: z.array(AddedTarget),
  skipped: z.array(Skipped),
})
export type ChangedTargets = z.infer<typeof ChangedTargets>

export const RestoreTargets = z.strictObject({
  target_ids: z.array(Id).min(1).max(LENGTHS.targetsPerRequest, TOO_MANY),
})
export type RestoreTargets = z.infer<typeof RestoreTargets>

export const TargetPage = z.strictObject({
  /** The position and the number of the last target seen. */
  cursor: z
    .string()
    .max(60)
    .regex(/^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?:\d{1,9}$/)
    .optional(),
  limit: pageLimit({ most: 10_000, fallback: 1_000 }),
})
export type TargetPage = z.infer<typeof TargetPage>
