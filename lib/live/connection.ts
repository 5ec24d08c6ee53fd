// What a transport promises: one reader, reached by text frames, over WebSocket or SSE.
import type { Writable } from 'node:stream'
import type { Frame } from './shared-frame.ts'

export type Connection = {
  readonly id: string
  readonly transport: 'websocket' | 'sse'
  /** Hands one encoded frame to the transport; never blocks. */
  write(frame: Frame): void
  /** Bytes handed over and not yet taken by the operating system. */
  bufferedBytes(): number
  /** Asks the other side's network stack for a sign of life, where the transport can. */
  probe(): void
  /** Calls back once: now if little waits, otherwise when `bufferedBytes` has fallen to zero. */
  onDrain(callback: () => void): void
  /** Ends the connection with a code of `close-codes.ts`; a second call changes nothing. */
  close(code: number, reason: string): void
  /** Ends the connection at once; what the network has not delivered yet is thrown away. */
  cut(): void
}

/** What `onDrain` means on a stream of Node's: below its high-water mark nobody has to wait. */
export function whenDrained(stream: Writable, callback: () => void): void {
  if (stream.writableNeedDrain) stream.once('drain', callback)
  else callback()
}
