// The channel messages that the live server understands, parsed where they come in.
import { z } from 'zod'
import { SampleColumns } from '#lib/samples/contract.ts'

/** Sent to `group.<id>`; hints but for the samples, which come as they were stored. */
export const GroupMessages = {
  'samples.arrived': z.object({ cursor: z.iso.datetime(), samples: SampleColumns }),
  /** Inclusive ranges of target numbers. */
  'targets.changed': z.object({ n: z.array(z.tuple([z.int(), z.int()])).max(10_000) }),
}

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
