// What travels through the layer: plain JSON with a type, at most 1 MiB.
import { z } from 'zod'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Message = { type: string; [field: string]: Json }

export const MAX_MESSAGE_BYTES = 1_048_576

/** Only what the envelope promises; each consumer reads the fields of its own types. */
export const MessageShape = z.looseObject({ type: z.string().min(1).max(100) })

/** The message as text; throws `RangeError` above 1 MiB and `TypeError` without a type. */
export function encodeMessage(message: Message): string {
  if (typeof message.type !== 'string' || message.type === '') {
    throw new TypeError('A message needs a type.')
  }
  const text = JSON.stringify(message)
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
    throw new RangeError(`A message is at most ${MAX_MESSAGE_BYTES} bytes.`)
  }
  return text
}
