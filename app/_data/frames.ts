// Reads the frames of the live connection.
import { ServerFrame } from '#lib/live/protocol.ts'

/** Undefined for a frame this page does not know: a newer server may speak during a deploy. */
export function readFrame(text: string): ServerFrame | undefined {
  try {
    return ServerFrame.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
