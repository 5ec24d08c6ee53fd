// What the tabs of one browser say to each other about the stream they share.
import { z } from 'zod'
import type { ClientFrame } from '#lib/live/protocol.ts'

const id = z.string().max(100)
const ids = z.array(id)

export const StreamMessage = z.discriminatedUnion('kind', [
  /** Who leads? */
  z.object({ kind: z.literal('ask') }),
  /** I do: with how many tabs, and in which `readyState` my EventSource is. */
  z.object({
    kind: z.literal('lead'),
    from: id,
    term: z.int(),
    tabs: z.int(),
    readyState: z.int(),
  }),
  z.object({ kind: z.literal('resign'), from: id }),
  z.object({ kind: z.literal('join'), from: id, to: id }),
  z.object({ kind: z.literal('leave'), from: id, to: id }),
  /** A tab's frame to the server. */
  z.object({ kind: z.literal('send'), from: id, to: id, frame: z.custom<ClientFrame>(isFrame) }),
  /** A frame of the server to these tabs. */
  z.object({ kind: z.literal('frame'), from: id, term: z.int(), to: ids, text: z.string() }),
  /** These tabs' stream has ended, with the close code where there was one. */
  z.object({ kind: z.literal('close'), from: id, to: ids, code: z.int().optional() }),
])
export type StreamMessage = z.infer<typeof StreamMessage>

// The server judges what a tab sends, and a newer page may know frames that this one does not.
function isFrame(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value
}
