// The channel messages that the live server understands, parsed where they come in.
import { z } from 'zod'
import { SampleColumns } from '#lib/samples/contract.ts'

/** Sent to `group.<id>`; hints but for the samples, which come as they were stored. */
export const GroupMessages = {
  'samples.arrived': z.object({ cursor: z.iso.datetime(), samples: SampleColumns }),
  /** Inclusive ranges of target numbers. */
  'targets.changed': z.object({ n: z.array(z.tuple([z.int(), z.int()])).max(10_000) }),
}

/**
 * Sent to `access` as `access.changed`: whose rights may have changed, and in which group; without
 * people everybody's, without a group in all of them.
 */
export const AccessChange = z.object({
  user_ids: z.array(z.uuid()).max(1_000).optional(),
  group_id: z.uuid().optional(),
})
export type AccessChange = z.infer<typeof AccessChange>

/** Sent to the channel of one connection: a frame that its reader posted, here or elsewhere. */
export const PostedFrame = z.object({
  frame: z.string(),
  session: z.string(),
  request: z.string(),
  reply_to: z.string(),
})
export type PostedFrame = z.infer<typeof PostedFrame>

/** The owner's answer: whether the connection is the poster's. */
export const PostedAnswer = z.object({ request: z.string(), accepted: z.boolean() })
