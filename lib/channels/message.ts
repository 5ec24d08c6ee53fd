// What travels through the layer: plain JSON with a type, at most 1 MiB.
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Message = { type: string; [field: string]: Json }

export const MAX_MESSAGE_BYTES = 1_048_576
const MAX_TYPE_LENGTH = 100

/** The message as text; throws `RangeError` above 1 MiB and `TypeError` without a usable type. */
export function encodeMessage(message: Message): string {
  const text = JSON.stringify(message)
  if (!isMessage(message)) {
    throw new TypeError(`A message needs a type of 1 to ${MAX_TYPE_LENGTH} characters.`)
  }
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
    throw new RangeError(`A message is at most ${MAX_MESSAGE_BYTES} bytes.`)
  }
  return text
}

/** The message in a text from the wire, or undefined when it is none. */
export function decodeMessage(text: string): Message | undefined {
  try {
    const json: Json = JSON.parse(text)
    return isMessage(json) ? json : undefined
  } catch {
    return undefined
  }
}

// Only what the envelope promises; each consumer reads the fields of its own types.
function isMessage(json: Json): json is Message {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false
  const { type } = json
  return typeof type === 'string' && type.length > 0 && type.length <= MAX_TYPE_LENGTH
}
