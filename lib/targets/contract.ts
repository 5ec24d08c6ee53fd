// What the world sees of targets: the addresses of a group.
import { z } from 'zod'
import { LENGTHS } from '#lib/vocabulary.ts'

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

/** What was not added, and why: `input` is the piece as it was typed. */
export const Skipped = z.strictObject({ input: z.string(), reason: z.string() })
export type Skipped = z.infer<typeof Skipped>

const piece = z.string().max(1_048_576)

/** A pasted text, or a list of pieces each of which may be a text itself. */
export const Hosts = z.union([piece, z.array(piece).max(LENGTHS.targetsPerRequest)])
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

export const TargetPatch = z.strictObject({
  label: z.string().trim().max(LENGTHS.label).optional(),
  state: z.enum(['running', 'stopped']).optional(),
  position: z.number().optional(),
})
export type TargetPatch = z.infer<typeof TargetPatch>

export const RestoreTargets = z.strictObject({
  target_ids: z.array(z.uuid()).min(1).max(LENGTHS.targetsPerRequest),
})
export type RestoreTargets = z.infer<typeof RestoreTargets>
